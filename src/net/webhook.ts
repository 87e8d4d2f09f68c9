import { type Channel, json } from './channel.ts';

/**
 * The message as JSON. With a secret it is signed: `x-agent-traces-signature` is `v1=` and the HMAC-SHA256, in
 * hexadecimal, of the timestamp, a full stop and the body. Who checks the timestamp too takes no message twice;
 * `x-agent-traces-delivery` names it.
 */
export const webhook: Channel<'webhook'> = {
  name: 'The webhook',
  anyAddress: true,
  async request(message, { urlVariable, secretVariable }, secret) {
    const { url, headers, body } = json(secret(urlVariable), message);
    const named = { ...headers, 'x-agent-traces-delivery': message.id };
    if (secretVariable === undefined) return { url, headers: named, body };
    // Of the sending, not of the alert: what waited for an hour is not refused as old.
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = await hmac(secret(secretVariable), `${timestamp}.${body}`);
    return {
      url,
      headers: {
        ...named,
        'x-agent-traces-timestamp': timestamp,
        'x-agent-traces-signature': `v1=${signature}`,
      },
      body,
    };
  },
};

async function hmac(secret: string, text: string): Promise<string> {
  const bytes = new TextEncoder();
  const how = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytes.encode(secret), how, false, ['sign']);
  const signed = await crypto.subtle.sign('HMAC', key, bytes.encode(text));
  return [...new Uint8Array(signed)].map(byte => byte.toString(16).padStart(2, '0')).join('');
}
