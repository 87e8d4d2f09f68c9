import * as vscode from 'vscode';
import { claudeFolders } from '../node/claudeFolders.ts';
import { followPaths } from '../node/followPaths.ts';
import { followTranscripts, importInProcess } from '../node/importProcess.ts';
import { isImportable } from '../node/importSources.ts';
import { lazyReplayer } from '../node/lazyReplayer.ts';
import { startReader } from '../node/readerProcess.ts';
import { readRunScript } from '../node/readScript.ts';
import { startReceiverProcess } from '../node/receiverProcess.ts';
import { replayEnvironment } from '../node/replayedProgram.ts';
import { startReplayServer } from '../node/replayServer.ts';
import { ownSentLog } from '../node/sentLog.ts';
import { toolHost } from '../node/toolHost.ts';
import { writeWhole } from '../node/wholeFile.ts';
import { start, type TestApi } from './activate.ts';
import type { CreatePlatform } from './platform.ts';

/** The extension where there is a Node: trace files are read by a process of their own. */
export function activate(context: vscode.ExtensionContext): TestApi {
  return start(context, desktop);
}

const desktop: CreatePlatform = ({ extensionUri, globalStorageUri }, log) => {
  const dist = (name: string) => vscode.Uri.joinPath(extensionUri, 'dist', name).fsPath;
  const say = (line: string): void => log.info(line);
  const importer = dist('importer.js');
  const transcripts = claudeFolders();
  const follower = followPaths(say);
  const indexes = vscode.Uri.joinPath(globalStorageUri, 'indexes').fsPath;
  const reader = startReader(dist('reader.js'), say, [dist(''), indexes]);
  return {
    reader: reader.api,
    readsPaths: true,
    follow: follower.follow,
    replayer: lazyReplayer(dist('replayer.js')),
    sentLog: ownSentLog,
    writeWhole,
    mac: process.platform === 'darwin',
    runReplays: {
      own: process.env,
      readScript: readRunScript,
      serve: startReplayServer,
      environment: replayEnvironment,
    },
    startReceiver: (to, on) => startReceiverProcess(dist('receiver.js'), to, on),
    importer: {
      recognises: isImportable,
      importFile: (file, to, on) => importInProcess(importer, [file], to, say, on),
      transcripts,
      follow: (to, most, ended) =>
        followTranscripts(importer, { roots: transcripts, to, most }, say, ended),
    },
    tools: toolHost(dist('')),
    warmUp: () => reader.warmUp(),
    dispose: () => {
      follower.dispose();
      reader.dispose();
    },
  };
};
