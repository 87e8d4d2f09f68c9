import * as vscode from 'vscode';
import type { OnDifference } from '../../core/replay/decision.ts';
import { type Choice, choose, group } from '../choose.ts';
import { nameOf } from '../treeItems.ts';
import { launchConfigurations } from './debug.ts';
import type { Launch, ReplayChoices } from './spec.ts';

/** What the chosen call gets, and the calls after it. */
export async function askFromThere(
  title: string,
  call: string,
  picked: ReplayChoices['fromThere'],
  editable: boolean,
): Promise<ReplayChoices['fromThere'] | undefined> {
  const t = vscode.l10n.t;
  const choices: readonly Choice<ReplayChoices['fromThere']>[] = [
    {
      label: t('Stop'),
      description: t('it gets an error that says so; nothing is sent'),
      value: 'stop',
    },
    {
      label: t('Go on live'),
      description: t('it and the calls after it go to the real API, and are billed'),
      value: 'live',
    },
    ...(editable
      ? [
          {
            label: t('Give an edited answer'),
            description: t('the recorded answer opens to be edited'),
            value: 'edited' as const,
          },
        ]
      : []),
  ];
  const chosen = await choose<ReplayChoices['fromThere']>({
    title,
    placeholder: t('What “{0}” gets', call),
    none: '',
    back: false,
    load: async () => choices.map(one => ({ ...one, picked: one.value === picked })),
  });
  return chosen === 'back' ? undefined : chosen;
}

const differenceLabels = (): Readonly<Record<OnDifference, [string, string]>> => {
  const t = vscode.l10n.t;
  return {
    stop: [t('Stop'), t('an error that says where the request differs')],
    nearest: [t('Nearest'), t('the answer of the recorded request that it is most like')],
    live: [t('Live'), t('the real API is asked, and billed')],
  };
};

async function askDifference(title: string, now: OnDifference): Promise<OnDifference | undefined> {
  const labels = Object.entries(differenceLabels()) as [OnDifference, [string, string]][];
  const chosen = await choose<OnDifference>({
    title,
    placeholder: vscode.l10n.t('What a request gets that is not as recorded'),
    none: '',
    back: true,
    load: async () =>
      labels.map(([value, [label, description]]) => ({
        ...{ label, description, value },
        picked: value === now,
      })),
  });
  return chosen === 'back' ? undefined : chosen;
}

export interface LaunchPick {
  readonly title: string;
  /** Only what a debugger runs. */
  readonly debugOnly: boolean;
  readonly choices: ReplayChoices;
}

export interface LaunchChoice {
  readonly launch: Launch;
  readonly choices: ReplayChoices;
}

type Picked =
  | Launch
  | { readonly kind: 'ask'; readonly what: 'commandLine' | 'difference' | 'timing' };

/** Asks what runs the program; the list also holds, and changes, how the run is replayed. */
export async function askLaunch(
  pick: LaunchPick,
  lastCommandLine: string | undefined,
): Promise<LaunchChoice | undefined> {
  let { choices } = pick;
  for (;;) {
    const chosen = await choose<Picked>({
      title: pick.title,
      placeholder: vscode.l10n.t('What runs the program again'),
      none: noConfiguration(),
      back: false,
      load: async () => launchChoices(pick.debugOnly, choices),
    });
    if (chosen === undefined || chosen === 'back') return undefined;
    if (chosen.kind !== 'ask') return { launch: chosen, choices };
    if (chosen.what === 'commandLine') {
      const commandLine = await askCommandLine(pick.title, lastCommandLine);
      return commandLine === undefined
        ? undefined
        : { launch: { kind: 'terminal', commandLine }, choices };
    }
    if (chosen.what === 'timing') choices = { ...choices, timing: !choices.timing };
    else {
      const onDifference = await askDifference(pick.title, choices.onDifference);
      choices = { ...choices, onDifference: onDifference ?? choices.onDifference };
    }
  }
}

export const noConfiguration = (): string =>
  vscode.l10n.t(
    'This workspace has no launch configuration that launches a program. Add one to .vscode/launch.json, or use Replay Run with a command line.',
  );

function launchChoices(debugOnly: boolean, choices: ReplayChoices): readonly Choice<Picked>[] {
  const t = vscode.l10n.t;
  const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  const configurations = launchConfigurations().map(({ folder, configuration }) => ({
    label: nameOf(configuration.name),
    description: [configuration.type, several ? folder?.name : undefined]
      .filter(Boolean)
      .join(' · '),
    value: { kind: 'configuration', folder, configuration } as const,
  }));
  if (debugOnly && configurations.length === 0) return [];
  const [label, description] = differenceLabels()[choices.onDifference];
  return [
    ...group<Picked>(t('launch configurations, under the debugger'), configurations),
    ...(debugOnly
      ? []
      : group<Picked>(t('without a debugger'), [
          {
            label: t('Run a command line in a terminal…'),
            value: { kind: 'ask', what: 'commandLine' },
          },
          {
            label: t('Only start the server, copy environment variables'),
            value: { kind: 'server' },
          },
        ])),
    ...group<Picked>(t('options'), [
      {
        label: t('At a difference: {0}…', label),
        description,
        value: { kind: 'ask', what: 'difference' },
      },
      {
        label: choices.timing ? t('Answers take as long as recorded') : t('Answers come at once'),
        description: t('choose this to change it'),
        value: { kind: 'ask', what: 'timing' },
      },
    ]),
  ];
}

async function askCommandLine(
  title: string,
  last: string | undefined,
): Promise<string | undefined> {
  const t = vscode.l10n.t;
  const typed = await vscode.window.showInputBox({
    title,
    prompt: t(
      'The command line that runs your program, such as “node agent.js”, in the workspace’s folder',
    ),
    ...(last !== undefined && { value: last }),
  });
  return typed?.trim() || undefined;
}
