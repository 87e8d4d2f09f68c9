/** Gives the items of a list that only their place tells apart a key for React. */
export function keyed<T>(
  list: readonly T[],
): readonly { readonly key: string; readonly item: T }[] {
  return list.map((item, index) => ({ key: `${index}`, item }));
}
