import path from 'node:path';
import type { AlertsConfig } from '../core/alerts/config.ts';
import { keyOf } from '../core/alerts/evaluate.ts';
import { type Message, messageOf, plainLines } from '../core/alerts/message.ts';
import type { Notice } from '../core/alerts/notice.ts';
import { type Sender, withMessages } from '../core/alerts/outbox.ts';
import { type FileState, newState } from '../core/alerts/state.ts';
import { TraceError } from '../core/errors.ts';
import { fieldsOf } from '../core/fields.ts';
import { defaultThresholds } from '../core/insights/thresholds.ts';
import { deliver } from '../net/deliver.ts';
import { httpSender } from '../net/httpChannels.ts';
import { usualTrying } from '../net/post.ts';
import { sendMail } from '../node/sendmail.ts';
import type { ReaderApi } from '../protocol/reader.ts';
import { lookForAlerts } from '../store/alertLook.ts';
import { loadState, type MonitorState, saveState } from './monitorState.ts';
import { complain, type Terminal } from './terminal.ts';

export interface Monitoring {
  readonly databases: readonly string[];
  readonly config: AlertsConfig;
  readonly stateFile: string;
  readonly scheme: string;
  readonly staleAfterMs: number;
  /** Nothing is sent and nothing is remembered. */
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  /** In words of the command line. */
  readonly wordsOf: (error: TraceError) => string;
}

/** What one look came to. */
export interface Looked {
  readonly notices: readonly Notice[];
  /** Alerts that are firing now. */
  readonly firing: readonly {
    readonly file: string;
    readonly rule: string;
    readonly group: string;
    readonly since: number;
  }[];
  /** Files that could not be read, and why. */
  readonly unread: readonly string[];
  /** Why messages wait, by channel. */
  readonly waiting: Readonly<Record<string, string>>;
}

/** Watches trace files: each look evaluates the rules, and sends what is to be told. */
export class Monitor {
  private readonly reader: ReaderApi;
  private readonly terminal: Terminal;
  private readonly what: Monitoring;
  private readonly senders: ReadonlyMap<string, Sender>;
  private state: MonitorState;
  /** What was complained of last: a file that is missing for hours is named once. */
  private complained = '';

  constructor(reader: ReaderApi, terminal: Terminal, what: Monitoring, over: AbortSignal) {
    this.reader = reader;
    this.terminal = terminal;
    this.what = what;
    this.state = loadState(what.stateFile);
    this.senders = this.makeSenders(over);
  }

  async look(): Promise<Looked> {
    const { databases, config, scheme, dryRun, now } = this.what;
    const files = new Map<string, FileState>();
    const notices: Notice[] = [];
    const unread: string[] = [];
    for (const database of databases) {
      const file = path.resolve(database);
      const before = this.state.files.get(file);
      try {
        const looked = await this.lookAt(file, before ?? newState(now()));
        files.set(file, looked.state);
        notices.push(...looked.notices);
      } catch (error) {
        unread.push(this.what.wordsOf(TraceError.from(error)));
        // What fired there is neither over nor to be told anew.
        if (before) files.set(file, before);
      }
    }
    const messages = notices.map(notice => messageOf(notice, scheme));
    const outbox = withMessages(this.state.outbox, messages, config.channels, now());
    this.state = { files, outbox };
    this.complain(unread);
    if (dryRun) {
      for (const message of messages) this.tell(message, 'would be sent: ');
      return { notices, firing: this.firing(), unread, waiting: {} };
    }
    // Before anything is sent: a monitor that is killed meanwhile sends the rest when it comes back.
    this.save();
    return { notices, firing: this.firing(), unread, waiting: await this.send() };
  }

  private async lookAt(file: string, state: FileState) {
    const { config, staleAfterMs, now } = this.what;
    await this.reader.open(file, { kind: 'path', path: file, name: path.basename(file) });
    while ((await this.reader.advance(file)).share !== undefined);
    const clock = { now: now(), staleAfter: staleAfterMs };
    const { rules } = config;
    const thresholds = defaultThresholds;
    const look = { file, path: file, rules, state, thresholds, clock };
    return lookForAlerts(this.reader, look);
  }

  private async send(): Promise<Readonly<Record<string, string>>> {
    const { outbox } = this.state;
    const waiting = await deliver(outbox, this.senders, this.what.now(), async (pending, how) => {
      this.state = { ...this.state, outbox: this.state.outbox.filter(one => one !== pending) };
      this.save();
      if (how.state === 'never') complain(this.terminal, `${how.why} It is not sent again.`);
    });
    const reasons = [...waiting].map(([channel, { why }]) => [channel, why] as const);
    if (reasons.length === 0) return {};
    const asked = new Map([...waiting].map(([, one]) => [one.message.id + one.channel, one]));
    const later = this.state.outbox.map(one => {
      const notBefore = asked.get(one.message.id + one.channel)?.notBefore;
      return notBefore === undefined ? one : { ...one, notBefore };
    });
    this.state = { ...this.state, outbox: later };
    this.save();
    for (const [channel, why] of reasons) {
      complain(this.terminal, `${channel}: ${why} It is tried again at the next look.`);
    }
    return Object.fromEntries(reasons);
  }

  private save(): void {
    if (!this.what.dryRun) saveState(this.what.stateFile, this.state);
  }

  private firing(): Looked['firing'] {
    const { rules } = this.what.config;
    return [...this.state.files].flatMap(([file, { alerts }]) =>
      Object.entries(alerts)
        .filter(([key, { phase, rule, group }]) => phase === 'firing' && key === keyOf(rule, group))
        .filter(([, { rule }]) => rules.some(one => one.id === rule))
        .map(([, { rule, group, since }]) => ({ file, rule, group, since })),
    );
  }

  private complain(unread: readonly string[]): void {
    const words = unread.join('\n');
    if (words !== this.complained) for (const one of unread) complain(this.terminal, one);
    this.complained = words;
  }

  private tell(message: Message, begin = ''): void {
    const { json } = this.what;
    const time = new Date(message.at).toISOString();
    this.terminal.write(
      json
        ? `${JSON.stringify({ ...fieldsOf(message) })}\n`
        : `${time} ${begin}${plainLines(message).join('\n  ')}\n`,
    );
  }

  private makeSenders(signal: AbortSignal): ReadonlyMap<string, Sender> {
    const { config, env } = this.what;
    const trying = { ...usualTrying, signal };
    return new Map(
      config.channels.map(channel => {
        if (channel.type === 'log') {
          const log: Sender = async message => {
            this.tell(message);
            return { state: 'delivered' };
          };
          return [channel.id, log] as const;
        }
        if (channel.type === 'email') {
          return [channel.id, message => sendMail(message, channel, signal)] as const;
        }
        return [channel.id, httpSender(channel, name => env[name], trying)] as const;
      }),
    );
  }
}
