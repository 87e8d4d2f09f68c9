/** An event of a stream of server-sent events. */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

/**
 * Takes the text of a stream of server-sent events as it comes, and gives the events that are whole (HTML
 * standard, 9.2.6). What comes last without its empty line is no event.
 */
export function serverEvents(): (text: string) => readonly ServerEvent[] {
  let rest = '';
  let event = '';
  let data: string[] = [];
  return text => {
    rest += text;
    // A line may end with `\r\n`, whose two halves may come apart.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    const whole: ServerEvent[] = [];
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) whole.push({ event, data: data.join('\n') });
        event = '';
        data = [];
        continue;
      }
      const [, name, value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      if (name === 'event') event = value;
      else if (name === 'data') data.push(value);
    }
    return whole;
  };
}
