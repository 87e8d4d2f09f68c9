const tagOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1);

/**
 * What stands for an object that JSON would refuse or show as `{}`; all others as they are. Throws where the
 * object does.
 */
export function plainValue(value: object): unknown {
  const above = Object.getPrototypeOf(value);
  if (above === Object.prototype || above === Array.prototype || above === null) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Error) return errorFields(value);
  const fields = value as Readonly<Record<string, unknown>>;
  switch (tagOf(value)) {
    case 'Map':
      return mapFields(value as ReadonlyMap<unknown, unknown>);
    case 'Headers':
      return Object.fromEntries(value as Iterable<[string, string]>);
    case 'Set':
    case 'FormData':
      return [...(value as Iterable<unknown>)];
    case 'Date':
      return Number.isNaN((value as Date).getTime()) ? 'Invalid Date' : value;
    case 'RegExp':
    case 'URLSearchParams':
    case 'BigInt':
      return String(value);
    case 'Number':
    case 'String':
    case 'Boolean':
      return value.valueOf();
    case 'ArrayBuffer':
    case 'SharedArrayBuffer':
      return `[${fields.byteLength} bytes]`;
    case 'Blob':
    case 'File':
      return `[${fields.size} bytes]`;
    case 'Request':
      return { method: fields.method, url: fields.url };
    case 'Response':
      return { status: fields.status, url: fields.url };
    case 'Promise':
      return '[promise]';
  }
  return value;
}

/** Message, cause and what an AggregateError holds are fields that JSON does not see. */
function errorFields(error: Error): unknown {
  if (typeof (error as { toJSON?: unknown }).toJSON === 'function') return error;
  const { name, message, cause } = error;
  const errors = error instanceof AggregateError ? { errors: error.errors as unknown } : {};
  const hidden = { name, message, ...errors, ...(cause !== undefined && { cause }) };
  return Object.assign(hidden, error);
}

function mapFields(map: ReadonlyMap<unknown, unknown>): unknown {
  const entries = [...map];
  // As names, objects would all be the same one.
  const named = entries.every(([key]) => typeof key !== 'object' && typeof key !== 'function');
  return named ? Object.fromEntries(entries.map(([key, value]) => [String(key), value])) : entries;
}
