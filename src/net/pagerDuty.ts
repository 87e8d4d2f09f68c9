import { type Channel, json } from './channel.ts';

// https://developer.pagerduty.com/docs/events-api-v2/trigger-events: a summary holds 1,024 characters, a
// dedup_key 255; 202 means that the event was taken.
const usualUrl = 'https://events.pagerduty.com/v2/enqueue';
const longestSummary = 1024;

export const pagerDuty: Channel<'pagerduty'> = {
  name: 'PagerDuty',
  request(message, { keyVariable, urlVariable }, secret) {
    const { kind, title, severity, at, runs, more, link, command, file, rule, key } = message;
    const event = {
      routing_key: secret(keyVariable),
      event_action: kind === 'resolved' ? 'resolve' : 'trigger',
      dedup_key: `agent-traces-${key}`,
    };
    const url = urlVariable === undefined ? usualUrl : secret(urlVariable);
    if (kind === 'resolved') return json(url, event);
    return json(url, {
      ...event,
      client: 'Agent Traces',
      payload: {
        summary: title.slice(0, longestSummary),
        source: file,
        severity,
        timestamp: new Date(at).toISOString(),
        class: rule,
        // Links to editors are none that its pages make clickable: they are told as text.
        custom_details: {
          runs: runs.map(({ name, runId, figures, why }) => ({ name, id: runId, figures, why })),
          more,
          open: link,
          command,
        },
      },
    });
  },
};
