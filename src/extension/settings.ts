import * as vscode from 'vscode';
import type { Thresholds } from '../core/insights/thresholds.ts';
import type { Clock } from '../core/status.ts';
import type { Settings } from './ids.ts';

const defaults: Settings = {
  'agentTraces.files.include': ['**/agent_traces.db', '**/agent-traces.db', '**/*.agent-traces.db'],
  'agentTraces.files.maximumFound': 100,
  'agentTraces.staleAfterMinutes': 10,
  'agentTraces.prices': {},
  'agentTraces.receiver.enabled': false,
  'agentTraces.receiver.port': 4318,
  'agentTraces.receiver.terminals': false,
  'agentTraces.receiver.token': false,
  'agentTraces.receiver.keepDays': 0,
  'agentTraces.receiver.maximumMb': 4000,
  'agentTraces.claudeCode.enabled': true,
  'agentTraces.claudeCode.transcripts': 50,
  'agentTraces.problems.enabled': true,
  'agentTraces.replay.baseUrl': '',
  'agentTraces.replay.file': '',
  'agentTraces.alerts.enabled': true,
  'agentTraces.alerts.rules': [],
  'agentTraces.insights.loopRepeats': 3,
  'agentTraces.insights.retries': 3,
  'agentTraces.insights.spikeFactor': 3,
  'agentTraces.insights.latencyFactor': 2,
  'agentTraces.insights.leastHistory': 5,
  'agentTraces.insights.contextShare': 0.8,
  'agentTraces.replay.tools': {},
  'agentTraces.replay.then': 'stop',
  'agentTraces.replay.onDifference': 'stop',
  'agentTraces.replay.recordedTiming': false,
  'agentTraces.replay.ignore': [],
  'agentTraces.replay.recordRuns': true,
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
    if (!Array.isArray(value)) return false;
    // A list of rules is read, and its errors told, by who asks for it.
    const isOfRules: boolean = example === (defaults['agentTraces.alerts.rules'] as unknown);
    return isOfRules || value.every(one => typeof one === 'string');
  }
  return typeof value === typeof example;
}

/** The clock that runs are judged by. */
export function clock(): Clock {
  const minutes = Math.max(1, readSetting('agentTraces.staleAfterMinutes'));
  return { now: Date.now(), staleAfter: minutes * 60_000 };
}

/** From where on something is said of runs; a settings file may hold numbers out of their range. */
export function thresholds(): Thresholds {
  const within = (key: keyof Thresholds, least: number, most: number): number =>
    Math.min(most, Math.max(least, readSetting(`agentTraces.insights.${key}`)));
  return {
    loopRepeats: within('loopRepeats', 2, 1000),
    retries: within('retries', 1, 1000),
    spikeFactor: within('spikeFactor', 1.1, 1000),
    latencyFactor: within('latencyFactor', 1, 1000),
    leastHistory: within('leastHistory', 1, 1000),
    contextShare: within('contextShare', 0.05, 1),
  };
}

/** @param key of a setting, or of a group of them */
export function onSettingChange(
  key: keyof Settings | 'agentTraces.insights' | 'agentTraces.alerts',
  listener: () => void,
): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration(event => {
    if (event.affectsConfiguration(key)) listener();
  });
}
