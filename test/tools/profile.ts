// A profile: the folders in which a VS Code keeps its settings and extensions.
import fs from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from './temporary.ts';

export type Settings = Record<string, unknown>;

export interface Profile {
  userDataDir: string;
  extensionsDir: string;
}

export interface TemporaryProfile extends Profile {
  remove: () => void;
}

/** Keeps a test from being disturbed: no welcome, chat, update, trust or git business. */
export const quietSettings: Settings = {
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.welcomePage.experimentalOnboarding': false,
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.editor.restoreViewState': false,
  'workbench.reduceMotion': 'on',
  'workbench.colorTheme': 'Default Dark Modern',
  'window.commandCenter': false,
  'window.restoreWindows': 'none',
  'remote.autoForwardPorts': false,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.enabled': false,
  'git.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'npm.autoDetect': 'off',
  'gulp.autoDetect': 'off',
  'grunt.autoDetect': 'off',
  'jake.autoDetect': 'off',
  'files.hotExit': 'off',
  'files.simpleDialog.enable': true,
  'terminal.integrated.enablePersistentSessions': false,
};

/** Puts settings under those the profile already has: what a person or a test has set there stays. */
export function addSettings(profile: Profile, settings: Settings): void {
  const file = path.join(profile.userDataDir, 'User', 'settings.json');
  const had: Settings = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.mkdirSync(profile.extensionsDir, { recursive: true });
  fs.writeFileSync(file, JSON.stringify({ ...settings, ...had }, null, 2));
}

export function profileIn(folder: string): Profile {
  return {
    userDataDir: path.join(folder, 'data'),
    extensionsDir: path.join(folder, 'extensions'),
  };
}

/** A profile without extensions that is gone when it is removed or this process ends. */
export function temporaryProfile(settings: Settings = {}): TemporaryProfile {
  const folder = temporaryFolder('profile');
  const profile = profileIn(folder.path);
  addSettings(profile, { ...quietSettings, ...settings });
  return { ...profile, remove: folder.remove };
}
