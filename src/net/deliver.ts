import type { Delivery, Pending, Sender } from '../core/alerts/outbox.ts';
import type { UnixMs } from '../core/model.ts';

/**
 * Sends what waits. Channels do not wait for one another, and none keeps the others from being tried; the
 * messages of one go in order, and once one of them has to wait, those behind it do too: what is over must not
 * be said before it began.
 *
 * @param settled told of each message that a channel has taken or refused for good, before the next one is sent:
 *   written down then, it is not sent again by whoever comes after a crash
 * @returns why messages still wait, by channel
 */
export async function deliver(
  outbox: readonly Pending[],
  senders: ReadonlyMap<string, Sender>,
  now: UnixMs,
  settled: (pending: Pending, delivery: Delivery) => Promise<void>,
): Promise<ReadonlyMap<string, Pending & { readonly why: string }>> {
  const waiting = new Map<string, Pending & { readonly why: string }>();
  const channels = new Map<string, Pending[]>();
  for (const one of outbox) {
    const queue = channels.get(one.channel);
    if (queue) queue.push(one);
    else channels.set(one.channel, [one]);
  }
  const sendAll = async (channel: string, queue: readonly Pending[]): Promise<void> => {
    const send = senders.get(channel);
    for (const pending of queue) {
      if ((pending.notBefore ?? now) > now) {
        waiting.set(channel, { ...pending, why: 'it asked to wait' });
        return;
      }
      const delivery = send ? await tried(send, pending) : undefined;
      if (!delivery) return;
      if (delivery.state === 'later') {
        waiting.set(channel, { ...pending, ...delivery });
        return;
      }
      await settled(pending, delivery);
    }
  };
  await Promise.all([...channels].map(([channel, queue]) => sendAll(channel, queue)));
  return waiting;
}

/** Senders do not throw; one that does anyway must not keep the others from being heard. */
async function tried(send: Sender, { message }: Pending): Promise<Delivery> {
  try {
    return await send(message);
  } catch (error) {
    return { state: 'later', why: error instanceof Error ? error.message : String(error) };
  }
}
