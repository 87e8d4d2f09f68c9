import * as vscode from 'vscode';
import { type AlertWords, alertWords, noticeTitle } from '../core/alerts/alertWords.ts';
import type { Notice } from '../core/alerts/notice.ts';
import { type AlertState, type FileState, newState, readState } from '../core/alerts/state.ts';
import { oneLine } from '../core/describe.ts';
import { integer } from '../core/format.ts';
import type { SpanRef } from '../protocol/panel.ts';
import type { FileId } from '../protocol/reader.ts';
import { lookForAlerts } from '../store/alertLook.ts';
import type { AlertRules } from './alertRules.ts';
import { DisposableStore } from './disposables.ts';
import { say } from './errors.ts';
import { runCommand } from './ids.ts';
import { type Log, logError } from './log.ts';
import { clock, thresholds } from './settings.ts';
import type { ListedFile, TraceFiles } from './traceFiles.ts';

/** Milliseconds from a change to the look at it, and between two looks without one. */
const waits = { change: 300, rest: 30_000 } as const;
/** Looks take at most so large a part of the time. */
const restPerLook = 10;
const stateKey = 'alerts';
const mutedKey = 'alerts.muted';

/** An alert that is firing, as lists say it. */
export interface Firing extends AlertState {
  readonly file: FileId;
  readonly name: string;
  /** What was told of it last; undefined since VS Code was started anew. */
  readonly notice: Notice | undefined;
}

/** Where an alert is shown. */
type Show = (file: FileId, span: SpanRef | undefined) => unknown;

/** Looks at the files that are followed by the rules of alerts, and says what is to be told. */
export class Alerts implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changes = this.store.add(new vscode.EventEmitter<void>());
  /** Other alerts are firing, or muted. */
  readonly onDidChange = this.changes.event;
  private readonly states = new Map<FileId, FileState>();
  private readonly told = new Map<string, Notice>();
  private readonly due = new Set<FileId>();
  private muted: ReadonlySet<string>;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private looking = false;
  private over = false;
  private nextAt = 0;
  private readonly files: TraceFiles;
  private readonly rules: AlertRules;
  private readonly memory: vscode.Memento;
  private readonly log: Log;
  private readonly show: Show;

  constructor(files: TraceFiles, rules: AlertRules, memory: vscode.Memento, log: Log, show: Show) {
    this.files = files;
    this.rules = rules;
    this.memory = memory;
    this.log = log;
    this.show = show;
    this.muted = new Set(memory.get<readonly string[]>(mutedKey, []));
    for (const [file, value] of Object.entries(memory.get<object>(stateKey, {}))) {
      const state = readState(value);
      if (state) this.states.set(file, state);
    }
    this.store.add(
      files.onDidChange(event => {
        if (event.kind === 'file') this.plan(waits.change, event.file);
      }),
    );
    this.store.add(rules.onDidChange(() => this.again()));
  }

  /** Those of files that are listed, save the muted ones. */
  get firing(): readonly Firing[] {
    return this.allFiring.filter(({ rule }) => !this.muted.has(rule));
  }

  private get allFiring(): readonly Firing[] {
    const ids = new Set(this.rules.all.map(({ id }) => id));
    return this.files.list().flatMap(({ id: file, name }) =>
      Object.entries(this.states.get(file)?.alerts ?? {})
        .filter(([, { phase, rule }]) => phase === 'firing' && ids.has(rule))
        .map(([key, state]) => ({ ...state, file, name, notice: this.told.get(`${file} ${key}`) })),
    );
  }

  /** It was looked at: what comes now is news. */
  knows(file: FileId): boolean {
    return this.states.has(file);
  }

  get mutedRules(): readonly string[] {
    return [...this.muted];
  }

  /** A rule that is muted is looked at, and not told of. */
  mute(rules: readonly string[], muted: boolean): void {
    const next = new Set(this.muted);
    for (const rule of rules) {
      if (muted) next.add(rule);
      else next.delete(rule);
    }
    this.muted = next;
    this.remember(mutedKey, [...next]);
    this.changes.fire();
  }

  /** Shows the first run of an alert at the span where it failed; the file where there is none. */
  open({ file, notice }: Pick<Firing, 'file' | 'notice'>): void {
    const spanId = notice?.runs.find(run => run.spanId !== undefined)?.spanId;
    this.show(file, spanId === undefined ? undefined : { file, spanId });
  }

  private again(): void {
    for (const { id } of this.files.list()) this.due.add(id);
    this.plan(waits.change);
    this.changes.fire();
  }

  private plan(wait: number, file?: FileId): void {
    if (file !== undefined) this.due.add(file);
    if (this.looking || (this.timer !== undefined && wait === waits.rest)) return;
    if (this.over || this.rules.all.length === 0) return;
    clearTimeout(this.timer);
    const ms = Math.max(wait, this.nextAt - performance.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.look();
    }, ms);
  }

  /** One round through the files: what it finds is told in one notification. */
  private async look(): Promise<void> {
    this.looking = true;
    const began = performance.now();
    const notices: (Notice & { readonly id: string; readonly of: FileId })[] = [];
    // After a rest without a change, time alone may say something of each.
    const due = this.due.size > 0 ? [...this.due] : this.files.list().map(({ id }) => id);
    this.due.clear();
    for (const file of due) {
      try {
        for (const notice of await this.lookAt(file)) notices.push({ ...notice, of: file });
      } catch (error) {
        logError(this.log, 'alerts', error);
      }
    }
    this.looking = false;
    const took = performance.now() - began;
    this.nextAt = performance.now() + Math.max(waits.change, took * (restPerLook - 1));
    if (this.over) return;
    this.keep();
    this.tell(notices);
    this.changes.fire();
    this.plan(this.due.size > 0 ? waits.change : waits.rest);
  }

  private async lookAt(file: FileId): Promise<readonly Notice[]> {
    const listed = this.files.get(file);
    if (!listed || !isLive(listed)) return [];
    const at = clock();
    const before = this.states.get(file);
    const { state, notices } = await this.files.use(file, reader =>
      lookForAlerts(reader, {
        file,
        path: listed.uri.fsPath,
        rules: this.rules.all,
        // What was over before the file was opened here is no news.
        state: before ?? newState(at.now, 0),
        thresholds: thresholds(),
        clock: at,
      }),
    );
    this.states.set(file, state);
    for (const notice of notices) {
      this.told.set(`${file} ${JSON.stringify([notice.rule, notice.group])}`, notice);
      this.log.info(`${noticeTitle(notice)} (${listed.name})`);
    }
    return notices;
  }

  private keep(): void {
    const listed = this.files.list().flatMap(({ id }) => {
      const state = this.states.get(id);
      return state ? [[id, state] as const] : [];
    });
    this.remember(stateKey, Object.fromEntries(listed));
  }

  private remember(key: string, value: unknown): void {
    this.memory
      .update(key, value)
      .then(undefined, error => logError(this.log, 'alerts to remember', error));
  }

  private tell(all: readonly (Notice & { readonly of: FileId })[]): void {
    // That something is over is seen in the status bar, which no longer says it.
    const notices = all.filter(({ kind, rule }) => kind !== 'resolved' && !this.muted.has(rule));
    const [first] = notices;
    if (!first) return;
    const t = vscode.l10n.t;
    const isOne = notices.length === 1;
    const title = saidOf(first, this.files.get(first.of)?.name);
    const words = isOne ? title : t('{0} alerts. {1}', integer(notices.length), title);
    const rules = [...new Set(notices.map(({ rule }) => rule))];
    say('info', words, [
      {
        title: t('Show'),
        act: () =>
          isOne
            ? this.open({ file: first.of, notice: first })
            : runCommand('agentTraces.showAlerts'),
      },
      {
        title: rules.length === 1 ? t('Mute This Rule') : t('Mute These Rules'),
        act: () => this.mute(rules, true),
      },
    ]);
  }

  dispose(): void {
    this.over = true;
    clearTimeout(this.timer);
    this.store.dispose();
  }
}

/** What is not followed stays as it is shown; what is written by VS Code itself is nobody's agent here. */
const isLive = ({ state, following, totals, ofMachine }: ListedFile): boolean =>
  state === 'read' && following && !ofMachine && totals !== undefined && totals.share === undefined;

/** With the run that it is about first, and why: several agents write into one file. */
function saidOf(notice: Notice, file = ''): string {
  const t = vscode.l10n.t;
  const title = noticeTitle(notice, localAlertWords());
  const [run] = notice.runs;
  if (!run) return t('{0} ({1})', title, file);
  const why = oneLine(run.says ?? run.error ?? '', 150);
  const named = [oneLine(run.name, 60), why].filter(Boolean).join(': ');
  return t('{0}. {1} ({2})', title, named, file);
}

let localized: AlertWords | undefined;

/** What alerts say, in the user's language. */
export function localAlertWords(): AlertWords {
  localized ??= Object.fromEntries(
    Object.entries(alertWords).map(([key, text]) => [key, vscode.l10n.t(text)]),
  ) as AlertWords;
  return localized;
}
