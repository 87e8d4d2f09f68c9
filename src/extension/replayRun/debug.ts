import * as vscode from 'vscode';
import { isObject, isText } from '../pageArguments.ts';

/** Names and values; what is undefined is unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** In a debug configuration: which replay it belongs to. */
const mark = 'agentTracesReplay';
/**
 * Nobody listens there. A session that VS Code starts again by itself once its replay is over, perhaps after
 * a restart and without us, is refused rather than answered by the real API.
 */
const nowhere = 'http://127.0.0.1:9';
const address = 'ANTHROPIC_BASE_URL';

/** Debuggers of C and C++ take the environment as a list. */
const isListed = ({ type }: vscode.DebugConfiguration): boolean => /^cpp/.test(type);

export function environmentOf(configuration: vscode.DebugConfiguration): Environment {
  const { env, environment } = configuration;
  if (isListed(configuration)) {
    const listed: readonly unknown[] = Array.isArray(environment) ? environment : [];
    return Object.fromEntries(
      listed.flatMap(one =>
        isObject(one) && isText(one.name) && isText(one.value) ? [[one.name, one.value]] : [],
      ),
    );
  }
  return isObject(env)
    ? Object.fromEntries(
        Object.entries(env).filter((one): one is [string, string] => isText(one[1])),
      )
    : {};
}

export function withEnvironment(
  configuration: vscode.DebugConfiguration,
  more: Environment,
): vscode.DebugConfiguration {
  if (!isListed(configuration)) return { ...configuration, env: { ...configuration.env, ...more } };
  const all = { ...environmentOf(configuration), ...more };
  const environment = Object.entries(all).map(([name, value]) => ({ name, value }));
  return { ...configuration, environment };
}

/** A copy of a launch configuration that belongs to a replay. */
export function marked(
  configuration: vscode.DebugConfiguration,
  id: string,
): vscode.DebugConfiguration {
  const baseUrl = environmentOf(configuration)[address] ?? '';
  // A restart takes what launch.json has under the session's name, and that would ask the real API.
  const name = vscode.l10n.t('{0} (replay)', configuration.name);
  const made = withEnvironment(configuration, { [address]: nowhere });
  return { ...made, name, [mark]: { id, baseUrl } };
}

/** The replay that a configuration belongs to. */
export function replayOf(configuration: vscode.DebugConfiguration): string | undefined {
  const marks: unknown = configuration[mark];
  return isObject(marks) && isText(marks.id) ? marks.id : undefined;
}

/**
 * Puts the address of the server into the environment of sessions that belong to a replay. After all other
 * providers, so that what they read from files is known.
 *
 * @param serve gives what the environment needs; undefined where the session is not to start
 */
export function registerReplayDebug(
  serve: (id: string, own: Environment) => Promise<Environment | undefined>,
): vscode.Disposable {
  return vscode.debug.registerDebugConfigurationProvider('*', {
    async resolveDebugConfigurationWithSubstitutedVariables(_, configuration) {
      const id = replayOf(configuration);
      if (id === undefined) return configuration;
      const { baseUrl } = configuration[mark];
      const own = environmentOf(configuration);
      const real = isText(baseUrl) && baseUrl !== '' ? baseUrl : undefined;
      const more = await serve(id, { ...own, [address]: real });
      return more && withEnvironment(configuration, more);
    },
  });
}

/** Debuggers may start the program anew by themselves, in the same session and with the same environment. */
export function onRestart(restarted: (id: string) => unknown): vscode.Disposable {
  return vscode.debug.registerDebugAdapterTrackerFactory('*', {
    createDebugAdapterTracker(session) {
      let root = session;
      while (root.parentSession) root = root.parentSession;
      const id = replayOf(root.configuration);
      if (id === undefined) return undefined;
      return {
        onWillReceiveMessage: message => {
          if (isObject(message) && message.command === 'restart') restarted(id);
        },
      };
    },
  });
}

/** These show pages, whose calls no environment turns. */
const browsers = /^(?:pwa-)?(?:chrome|msedge|firefox|safari|webkit)$/;

export interface LaunchConfiguration {
  readonly folder: vscode.WorkspaceFolder | undefined;
  readonly configuration: vscode.DebugConfiguration;
}

/** What the workspace's launch.json files start. */
export function launchConfigurations(): readonly LaunchConfiguration[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const found = new Map<string, LaunchConfiguration>();
  for (const folder of folders) {
    const listed: unknown = vscode.workspace
      .getConfiguration('launch', folder.uri)
      .get('configurations');
    for (const configuration of Array.isArray(listed) ? listed : []) {
      if (!isLaunch(configuration)) continue;
      // Those of the workspace file are given for each of its folders.
      const key = JSON.stringify(configuration);
      if (!found.has(key)) found.set(key, { folder, configuration });
    }
  }
  return [...found.values()];
}

const isLaunch = (value: unknown): value is vscode.DebugConfiguration =>
  isObject(value) &&
  isText(value.name) &&
  isText(value.type) &&
  value.request === 'launch' &&
  !browsers.test(value.type);
