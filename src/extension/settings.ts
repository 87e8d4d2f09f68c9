import * as vscode from 'vscode';
import type { Clock } from '../core/status.ts';
import type { Settings } from './ids.ts';

const defaults: Settings = {
  'agentTraces.files.include': ['**/agent_traces.db', '**/agent-traces.db', '**/*.agent-traces.db'],
  'agentTraces.files.maximumFound': 100,
  'agentTraces.staleAfterMinutes': 10,
  'agentTraces.prices': {},
};

/** A setting as it is now. Settings files are written by hand: a value of another type is not taken. */
export function readSetting<K extends keyof Settings>(
  key: K,
  scope?: vscode.ConfigurationScope,
): Settings[K] {
  const value = vscode.workspace.getConfiguration(undefined, scope).get<unknown>(key);
  return isLike(value, defaults[key]) ? value : defaults[key];
}

function isLike<T>(value: unknown, example: T): value is T {
  if (Array.isArray(example)) {
    return Array.isArray(value) && value.every(one => typeof one === 'string');
  }
  return typeof value === typeof example;
}

/** The clock that runs are judged by. */
export function clock(): Clock {
  const minutes = Math.max(1, readSetting('agentTraces.staleAfterMinutes'));
  return { now: Date.now(), staleAfter: minutes * 60_000 };
}

export function onSettingChange(key: keyof Settings, listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration(event => {
    if (event.affectsConfiguration(key)) listener();
  });
}
