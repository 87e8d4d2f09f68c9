import { unpacked } from '../core/packedJson.ts';
import { createRedactor } from '../core/redaction.ts';
import type { UnpackedEvent, UnpackedSpan } from '../core/rowPacker.ts';
import { errorText } from './errorText.ts';
import type { Log, Redact, TracerOptions } from './options.ts';

/** What rows pass before they are kept: the redaction that was asked for, then the user's own function. */
export function redactOf(options: TracerOptions, log: Log): Redact | undefined {
  const { redaction, redact } = options;
  if (redaction === undefined) {
    // Who looks at a field by its path must find it.
    return (
      redact &&
      (row => redact(row.type === 'span' ? { ...row, metadata: unpacked(row.metadata) } : row))
    );
  }
  const asked = typeof redaction === 'string' ? { mode: redaction } : redaction;
  let said = false;
  const redactor = createRedactor({
    ...asked,
    failed: (error, path) => {
      if (!said) log.error(`a redaction function failed at ${path}: ${errorText(error)}`);
      said = true;
      asked.failed?.(error, path);
    },
  });
  const texts = asked.mode === 'metadata' ? () => '[redacted:content]' : redactor.text;
  const redacted = <T extends UnpackedSpan | UnpackedEvent>(row: T): T => {
    if (row.type === 'event') {
      return {
        ...row,
        name: redactor.text(row.name),
        attributes: redactor.fields(row.attributes),
      };
    }
    return {
      ...row,
      name: redactor.text(row.name),
      model: row.model && redactor.text(row.model),
      metadata: redactor.fields(row.metadata),
      error: row.error === undefined ? undefined : texts(row.error),
    };
  };
  return redact ? row => redact(redacted(row)) : redacted;
}
