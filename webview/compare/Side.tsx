/** The letter of a side, as it heads a run and its columns. */
export function Side({ name }: { readonly name: 'A' | 'B' }) {
  return <span className="side-letter">{name}</span>;
}
