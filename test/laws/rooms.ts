// The table of rooms in DESIGN.md: what each may import. A checker of sources, so that it can itself be
// tested on planted ones.
import { isBuiltin } from 'node:module';
import path from 'node:path/posix';

interface Law {
  /** Rooms it may import from; `types` after a colon: only with `import type`. */
  readonly rooms: readonly string[];
  readonly packages: readonly string[];
}

const laws: Readonly<Record<string, Law>> = {
  'src/core': { rooms: [], packages: [] },
  'src/formats': { rooms: ['src/core'], packages: [] },
  'src/protocol': { rooms: ['src/core:types'], packages: [] },
  'src/store': { rooms: ['src/core', 'src/formats', 'src/protocol'], packages: ['sql.js'] },
  'src/net': { rooms: ['src/core', 'src/formats'], packages: ['@anthropic-ai/sdk'] },
  'src/node': {
    rooms: ['src/core', 'src/formats', 'src/protocol', 'src/store', 'src/net'],
    packages: ['node:', '@modelcontextprotocol/sdk'],
  },
  'src/tracer': { rooms: ['src/core', 'src/formats', 'src/net', 'src/node'], packages: [] },
  'src/extension': {
    rooms: ['src/core', 'src/formats', 'src/protocol', 'src/store', 'src/net'],
    packages: ['vscode'],
  },
  'src/cli': {
    rooms: ['src/core', 'src/formats', 'src/protocol', 'src/store', 'src/net', 'src/node'],
    packages: ['commander', 'node:'],
  },
  webview: {
    rooms: ['src/protocol', 'src/core'],
    packages: ['react', 'react-dom', 'markdown-it', 'lowlight', 'highlight.js'],
  },
};

/** Files that may do what their room may not. */
const exceptions: readonly {
  readonly file: string;
  readonly room: string;
  readonly why: string;
}[] = [
  { file: 'src/extension/desktop.ts', room: 'src/node', why: 'the one entry that has a Node' },
  {
    file: 'src/protocol/rpc.ts',
    room: 'src/core',
    why: 'an error crosses the wire as its code and is made again on the other side',
  },
];

export interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

// Comments and whole strings are stepped over, so that an import in a text is not taken for one.
const token =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|\b(import|export)(\s+type\b)?([^'"`;()]*?)\bfrom\s*(['"])(.+?)\4|\bimport\s*(['"])(.+?)\6|\b(typeof\s+)?(?:import|require)\s*\(\s*(?:\/\*[\s\S]*?\*\/\s*)?(['"`])(.+?)\9|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g;

// All sources are looked at anew with each planted one.
const known = new Map<string, readonly Import[]>();

/** Everything that a source names as a module: static, dynamic, `require`, `import type`, re-exports. */
export function importsOf(source: string): readonly Import[] {
  const found = known.get(source) ?? readImports(source);
  known.set(source, found);
  return found;
}

function readImports(source: string): readonly Import[] {
  const found: Import[] = [];
  for (const match of source.matchAll(token)) {
    const [, , type, , , from, , bare, typeQuery, , called] = match;
    const specifier = from ?? bare ?? called;
    if (specifier === undefined) continue;
    found.push({ specifier, typeOnly: type !== undefined || typeQuery !== undefined });
  }
  return found;
}

export const roomOf = (file: string): string | undefined =>
  Object.keys(laws).find(room => file.startsWith(`${room}/`));

const resolved = (file: string, specifier: string): string =>
  path.join(path.dirname(file), specifier);

/** What breaks the table, in words; empty where all is well. */
export function breaches(sources: ReadonlyMap<string, string>): readonly string[] {
  const found: string[] = [];
  for (const [file, source] of sources) {
    const room = roomOf(file);
    if (!room) found.push(`${file} is in no room`);
    else {
      for (const one of importsOf(source)) {
        const why = breach(file, room, one);
        if (why) found.push(`${file}: ${why}`);
      }
    }
    if (/^\s*export\s+default\b|\bas\s+default\b/m.test(source)) {
      found.push(`${file}: has a default export`);
    }
    const lines = source.trimEnd().split('\n').length;
    if (lines > 400) found.push(`${file}: has ${lines} lines, more than 400`);
  }
  return found;
}

function breach(file: string, room: string, { specifier, typeOnly }: Import): string | undefined {
  const law = laws[room];
  if (specifier.startsWith('.')) {
    const target = resolved(file, specifier);
    const other = roomOf(target);
    if (other === room) return undefined;
    if (!other) return `imports ${specifier}, which is in no room`;
    if (exceptions.some(one => one.file === file && one.room === other)) return undefined;
    if (law?.rooms.includes(other)) return undefined;
    if (law?.rooms.includes(`${other}:types`)) {
      return typeOnly ? undefined : `${room} may import only types of ${other} (${specifier})`;
    }
    return `${room} may not import ${other} (${specifier})`;
  }
  const builtin = specifier.startsWith('node:') || isBuiltin(specifier);
  const allowed = law?.packages.some(name =>
    name === 'node:' ? builtin : specifier === name || specifier.startsWith(`${name}/`),
  );
  return allowed ? undefined : `${room} may not import the package ${specifier}`;
}

/** The files that an entry brings along when it is bundled: types are gone by then. */
export function closure(sources: ReadonlyMap<string, string>, entry: string): readonly string[] {
  const seen = new Set<string>();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const { specifier, typeOnly } of importsOf(sources.get(file) ?? '')) {
      if (!typeOnly && specifier.startsWith('.')) open.push(resolved(file, specifier));
    }
  }
  return [...seen];
}

const nodeGlobal =
  /(?<![.\w'"`/-])(process|Buffer|__dirname|__filename|setImmediate|global)\b(?=\s*[.([])/g;

/** What in an entry's closure would fail where there is no Node. */
export function nodeUses(sources: ReadonlyMap<string, string>, entry: string): readonly string[] {
  const found: string[] = [];
  for (const file of closure(sources, entry)) {
    const source = sources.get(file);
    if (source === undefined) {
      found.push(`${file} does not exist`);
      continue;
    }
    for (const { specifier, typeOnly } of importsOf(source)) {
      if (!typeOnly && (specifier.startsWith('node:') || isBuiltin(specifier))) {
        found.push(`${file}: imports ${specifier}`);
      }
    }
    const code = source.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '');
    for (const [, name] of code.matchAll(nodeGlobal)) found.push(`${file}: uses ${name}`);
  }
  return found;
}
