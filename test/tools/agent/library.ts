/** What the sample agent can look up: it needs no network, and finds the same each time. */
const pages: Readonly<Record<string, string>> = {
  'glaciers/retreat':
    'The Aletsch glacier lost 3.2 km of length between 1870 and 2020, the most since 1980.',
  'glaciers/water':
    'Glacier melt gives the upper Rhône a third of its water in August, a tenth over the year.',
  'bridges/inspection':
    'Road bridges are inspected every six years, and every three once a crack was found.',
};

/** Has pages say something else, as a tool does whose code was changed. */
export const rewrite = (changed: Readonly<Record<string, string>>): void =>
  void Object.assign(pages, changed);

export interface SearchInput {
  readonly query: string;
}
export interface ReadInput {
  readonly page: string;
}

export function search({ query }: SearchInput): string {
  const words = query
    .toLowerCase()
    .split(/\W+/)
    .filter(word => word.length > 3);
  const found = Object.entries(pages).filter(([name, text]) =>
    words.some(word => `${name} ${text}`.toLowerCase().includes(word)),
  );
  return (
    found.map(([name, text]) => `${name}: ${text.slice(0, 40)}…`).join('\n') || 'nothing found'
  );
}

export function readPage({ page }: ReadInput): string {
  const text = pages[page];
  if (text === undefined) throw new Error(`there is no page ${page}`);
  return text;
}

export const toolDefinitions = [
  {
    name: 'search',
    description: 'Finds pages of the library by words.',
    input_schema: {
      type: 'object' as const,
      properties: { query: { type: 'string' } },
      required: ['query'],
    },
  },
  {
    name: 'read_page',
    description: 'Reads a page of the library by its name.',
    input_schema: {
      type: 'object' as const,
      properties: { page: { type: 'string' } },
      required: ['page'],
    },
  },
];
