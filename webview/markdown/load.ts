import { useEffect, useState } from 'react';

/** Code that comes to the page when it is first needed. */
interface Lazy<T> {
  get(): T | undefined;
  load(): Promise<T | undefined>;
}

function lazy<T>(start: () => Promise<T>): Lazy<T> {
  let value: T | undefined;
  let coming: Promise<T | undefined> | undefined;
  return {
    get: () => value,
    load() {
      coming ??= start().then(
        loaded => {
          value = loaded;
          return loaded;
        },
        error => {
          // Without it texts are shown as they are, which is enough to read them.
          console.warn(error);
          return undefined;
        },
      );
      return coming;
    },
  };
}

export const markdownParser = lazy(() => import('./parse.ts'));
export const highlighter = lazy(() => import('./highlight.ts'));

/** The loaded code, once it is there; nothing is asked for while it is not wanted. */
export function useLazy<T>(one: Lazy<T>, wanted: boolean): T | undefined {
  const [value, setValue] = useState(() => one.get());
  useEffect(() => {
    if (!wanted || value !== undefined) return;
    let here = true;
    void one.load().then(loaded => here && setValue(() => loaded));
    return () => {
      here = false;
    };
  }, [one, wanted, value]);
  return value;
}
