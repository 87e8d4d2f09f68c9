import type { Fields } from '../core/fields.ts';
import { toBase64 } from './base64.ts';
import { isMap, type OtlpAttribute, type OtlpValue } from './otlp.ts';

/** A value as JSON has it. What JSON's numbers cannot hold becomes its text, bytes become base64. */
export function plainValue(value: OtlpValue): unknown {
  switch (typeof value) {
    case 'bigint': {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : String(value);
    }
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'object':
      if (value instanceof Uint8Array) return toBase64(value);
      return isMap(value) ? plainAttributes(value.entries) : value.map(plainValue);
    default:
      return value;
  }
}

/** Of a key that comes twice, the last value counts. */
export function plainAttributes(attributes: readonly OtlpAttribute[]): Fields {
  const plain: Record<string, unknown> = {};
  for (const { key, value } of attributes) {
    // The one name that an object takes for something else.
    if (key === '__proto__')
      Object.defineProperty(plain, key, { value: plainValue(value), enumerable: true });
    else plain[key] = plainValue(value);
  }
  return plain;
}
