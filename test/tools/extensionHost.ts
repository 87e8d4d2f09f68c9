// Runs a bundled test suite in the extension host of a real VS Code, as `code --extensionTestsPath` does.
import { format } from 'node:util';
import type { Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { addSettings, type Profile, quietSettings } from './profile.ts';
import { type Counts, countsMark } from './suite.ts';
import { remoteUri, startServer, workbenchUrl } from './vscodeServer.ts';

export interface HostRun {
  profile: Profile;
  extensionDevelopmentPath: string;
  extensionTestsPath: string;
  folder?: string | undefined;
  /** Milliseconds until a run without an answer is given up. */
  patience?: number;
}

export interface HostResult {
  exitCode: number;
  /** Absent when the suite did not reach its end. */
  counts: Counts | undefined;
}

/** What the workbench itself logs in every run; nothing in a line says who logged it. */
const noise = new RegExp(
  `^(${[
    'Resolv(ing|ed) connection token',
    'Creating a socket',
    '\\[reconnection-grace-time\\]',
    'Updating additional builtin',
    'Ignoring fetching additional builtin',
    '\\[Service Worker\\] registration',
    '\\[AgentHost:',
    '\\[AccountPolicyGate\\]',
    'Canceled: ',
    'Creation of workbench contribution',
    'No search provider registered',
    'Timed out waiting for authentication provider',
    'Failed snippets from folder',
  ].join('|')})`,
);

/** Prints what the extension host logs; what it gives waits for the suite's result. */
async function listen(page: Page, patience: number): Promise<() => Promise<HostResult>> {
  let counts: Counts | undefined;
  const { promise, resolve } = Promise.withResolvers<number>();
  const giveUp = (why: string) => {
    console.error(why);
    resolve(2);
  };
  page.on('crash', () => giveUp('The page of VS Code crashed.'));
  // VS Code calls these two where a page has them: the host's console, and the end of the suite.
  await page.exposeFunction('codeAutomationLog', (_level: string, args: unknown[]) => {
    const line = format(...args);
    if (line.startsWith(countsMark)) counts = JSON.parse(line.slice(countsMark.length));
    else if (!noise.test(line)) console.log(line);
  });
  await page.exposeFunction('codeAutomationExit', resolve);
  return async () => {
    const timer = setTimeout(() => giveUp(`VS Code gave no answer in ${patience} ms.`), patience);
    const exitCode = await promise;
    clearTimeout(timer);
    return { exitCode, counts };
  };
}

export async function runInExtensionHost(run: HostRun): Promise<HostResult> {
  const { profile, folder, patience = 300_000 } = run;
  addSettings(profile, quietSettings);
  const [server, browser] = await Promise.all([
    // Without the driver a built VS Code ignores the extension and the tests that its address names.
    startServer({
      profile,
      args: ['--enable-smoke-test-driver', '--disable-workspace-trust'],
    }),
    launchBrowser(),
  ]);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const answer = await listen(page, patience);
    const payload: [string, string][] = [
      ['extensionDevelopmentPath', remoteUri(server, run.extensionDevelopmentPath)],
      ['extensionTestsPath', remoteUri(server, run.extensionTestsPath)],
      ['skipWelcome', 'true'],
      ['skipReleaseNotes', 'true'],
    ];
    await page.goto(workbenchUrl(server, { folder, payload }));
    return await answer();
  } finally {
    await browser.close();
    await server.stop();
  }
}
