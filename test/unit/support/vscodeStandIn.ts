// As much of VS Code's api as the unit tests' sources call. What VS Code would show is kept for the tests.
import { fillIn } from '../../../src/core/errors.ts';

type Listener<T> = (event: T) => unknown;

export class EventEmitter<T> {
  private readonly listeners = new Set<Listener<T>>();
  readonly event = (listener: Listener<T>): { dispose(): void } => {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  };
  fire(event: T): void {
    for (const listener of [...this.listeners]) listener(event);
  }
  dispose(): void {
    this.listeners.clear();
  }
}

export class Uri {
  readonly scheme: string;
  readonly path: string;
  readonly query: string;
  constructor(scheme: string, path: string, query = '') {
    this.scheme = scheme;
    this.path = path;
    this.query = query;
  }
  static file = (path: string): Uri => new Uri('file', path);
  static from = (parts: { scheme: string; path: string; query: string }): Uri =>
    new Uri(parts.scheme, parts.path, parts.query);
  static parse = (text: string): Uri => {
    const { protocol, pathname } = new URL(text);
    return new Uri(protocol.slice(0, -1), pathname);
  };
  static joinPath = (uri: Uri, ...parts: string[]): Uri =>
    new Uri(
      uri.scheme,
      new URL(parts.join('/'), `file://${uri.path}/`).pathname.replace(/\/$/, ''),
    );
  with({ path }: { path: string }): Uri {
    return new Uri(this.scheme, path);
  }
  get fsPath(): string {
    return this.path;
  }
  toString(): string {
    return `${this.scheme}://${this.path}`;
  }
}

export class TreeItem {
  readonly label: string;
  readonly collapsibleState: number;
  constructor(label: string, collapsibleState: number) {
    this.label = label;
    this.collapsibleState = collapsibleState;
  }
}

export class ThemeIcon {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}

export class ThemeColor extends ThemeIcon {}

export class FileDecoration {
  readonly badge: string | undefined;
  readonly tooltip: string | undefined;
  constructor(badge?: string, tooltip?: string) {
    this.badge = badge;
    this.tooltip = tooltip;
  }
}

export class RelativePattern {
  readonly base: Uri;
  readonly pattern: string;
  constructor(base: Uri, pattern: string) {
    this.base = base;
    this.pattern = pattern;
  }
}

export const FileType = { File: 1 } as const;
export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 } as const;
export const QuickInputButtons = { Back: 'back' } as const;
export const l10n = { t: (text: string, ...args: (string | number)[]) => fillIn(text, args) };

/** Context keys that were set. */
export const contextKeys = new Map<unknown, unknown>();
export const commands = {
  executeCommand: async (command: string, key?: unknown, value?: unknown): Promise<void> => {
    if (command === 'setContext') contextKeys.set(key, value);
  },
};

/** Notifications, latest last. */
export const toasts: { readonly words: string; readonly buttons: readonly string[] }[] = [];
const toast = async (words: string, ...buttons: string[]): Promise<undefined> => {
  toasts.push({ words, buttons });
};

/** A list to choose from, and what a person would do to it. */
export class FakePick {
  items: readonly { readonly label: string }[] = [];
  activeItems: readonly unknown[] = [];
  selectedItems: readonly unknown[] = [];
  busy = false;
  private readonly accepted = new EventEmitter<void>();
  private readonly pressed = new EventEmitter<unknown>();
  private readonly hidden = new EventEmitter<void>();
  onDidAccept = this.accepted.event;
  onDidTriggerButton = this.pressed.event;
  onDidHide = this.hidden.event;
  show(): void {
    picks.push(this);
  }
  accept(item: unknown): void {
    this.selectedItems = [item];
    this.accepted.fire();
  }
  back(): void {
    this.pressed.fire(QuickInputButtons.Back);
  }
  hide(): void {
    this.hidden.fire();
  }
  dispose(): void {
    this.hide();
  }
}
/** Lists that were shown, latest last. */
export const picks: FakePick[] = [];

/** A view of a tree that notes what is revealed in it. */
export class FakeView {
  visible = true;
  message: string | undefined;
  selection: readonly unknown[] = [];
  readonly revealed: unknown[] = [];
  /** Whether what is revealed is told to be selected only when the test says so. */
  late = false;
  /** Whether rows that are drawn anew keep it from selecting any, as VS Code's view does without a word. */
  overtaken = false;
  private readonly selections = new EventEmitter<{ selection: readonly unknown[] }>();
  onDidChangeSelection = this.selections.event;
  async reveal(row: unknown): Promise<void> {
    this.visible = true;
    this.revealed.push(row);
    if (this.overtaken) return;
    if (this.late) this.selection = [row];
    else this.select(row);
  }
  select(row: unknown): void {
    this.selection = [row];
    this.selections.fire({ selection: this.selection });
  }
  dispose(): void {
    this.selections.dispose();
  }
}
/** Views that were created, latest last. */
export const views: FakeView[] = [];

/** What colours and counts rows. */
export const decorators: { provideFileDecoration(uri: Uri): FileDecoration | undefined }[] = [];

export const window = {
  registerFileDecorationProvider: (provider: (typeof decorators)[number]) => {
    decorators.push(provider);
    return { dispose: () => undefined };
  },
  createTreeView: () => {
    const view = new FakeView();
    views.push(view);
    return view;
  },
  showInformationMessage: toast,
  showErrorMessage: toast,
  createQuickPick: () => new FakePick(),
};

/** Settings that are set. */
export const settings = new Map<string, unknown>();
/** Is fired when one is set, with the key of it. */
export const settingChanges = new EventEmitter<{ affectsConfiguration(key: string): boolean }>();
/** What was removed from the disk. */
export const removed: string[] = [];
/** Files that can be looked at. */
export const stats = new Map<string, { readonly mtime: number; readonly size: number }>();
/** What is in them, where that is read. */
export const texts = new Map<string, string>();
/** Is fired when the user comes to trust the workspace. */
export const trusted = new EventEmitter<void>();
export const saved = new EventEmitter<{ readonly uri: Uri }>();
/** Watchers, by the pattern they watch. */
export const watchers = new Map<string, EventEmitter<unknown>>();

export class Position {
  readonly line: number;
  readonly character: number;
  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
}

export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(line: number, character: number, endLine: number, endCharacter: number) {
    this.start = new Position(line, character);
    this.end = new Position(endLine, endCharacter);
  }
}

export class Diagnostic {
  readonly range: Range;
  readonly message: string;
  source: string | undefined;
  code: string | undefined;
  constructor(range: Range, message: string) {
    this.range = range;
    this.message = message;
  }
}

export class Location {
  readonly uri: Uri;
  constructor(uri: Uri) {
    this.uri = uri;
  }
}

export class DiagnosticRelatedInformation {
  readonly location: Location;
  readonly message: string;
  constructor(location: Location, message: string) {
    this.location = location;
    this.message = message;
  }
}

export class CodeAction {
  readonly title: string;
  command: { readonly command: string; readonly arguments: readonly unknown[] } | undefined;
  constructor(title: string) {
    this.title = title;
  }
}

export const DiagnosticSeverity = { Error: 0, Warning: 1 } as const;
export const CodeActionKind = { QuickFix: 'quickfix' } as const;

/** Problems that are shown, by the uri that they stand at. */
export const problemsAt = new Map<string, readonly Diagnostic[]>();
/** What offers fixes, latest last. */
export const fixers: {
  provideCodeActions(
    document: { readonly uri: Uri },
    range: Range,
    context: { readonly diagnostics: readonly Diagnostic[] },
  ): CodeAction[];
}[] = [];

export const languages = {
  createDiagnosticCollection: () => ({
    set: (uri: Uri, all: readonly Diagnostic[]) => void problemsAt.set(uri.toString(), all),
    delete: (uri: Uri) => void problemsAt.delete(uri.toString()),
    dispose: () => problemsAt.clear(),
  }),
  registerCodeActionsProvider: (_: string, provider: (typeof fixers)[number]) => {
    fixers.push(provider);
    return { dispose: () => undefined };
  },
};

/** The folders that are open. */
export const folders: { readonly uri: Uri }[] = [];

export class FileSystemError extends Error {
  readonly code = 'FileNotFound';
}

export const workspace = {
  isTrusted: true,
  onDidGrantWorkspaceTrust: trusted.event,
  onDidSaveTextDocument: saved.event,
  get workspaceFolders() {
    return folders.length > 0 ? folders : undefined;
  },
  getWorkspaceFolder: (uri: Uri) => folders.find(one => uri.path.startsWith(`${one.uri.path}/`)),
  asRelativePath: (uri: Uri): string => uri.path.slice(1),
  getConfiguration: () => ({ get: (key: string) => settings.get(key), inspect: () => undefined }),
  onDidChangeWorkspaceFolders: () => ({ dispose: () => undefined }),
  onDidChangeConfiguration: settingChanges.event,
  fs: {
    stat: async (uri: Uri) => {
      const stat = stats.get(uri.path);
      if (!stat) throw new FileSystemError('FileNotFound');
      return stat;
    },
    delete: async ({ path }: Uri) => void removed.push(path),
    readFile: async (uri: Uri) => new TextEncoder().encode(texts.get(uri.path)),
  },
  createFileSystemWatcher: (what: RelativePattern | string) => {
    const events = new EventEmitter<unknown>();
    const key = typeof what === 'string' ? what : `${what.base.path}/${what.pattern}`;
    watchers.set(key, events);
    const { event } = events;
    return {
      onDidCreate: event,
      onDidChange: event,
      onDidDelete: event,
      dispose: () => void watchers.delete(key),
    };
  },
};
