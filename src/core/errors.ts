/** Every failure a user can cause or meet, and its words. `{0}` is the file's name where there is one. */
export const errorTexts = {
  fileMissing: '{0} does not exist any more. Open another trace file, or refresh once it is back.',
  fileUnreadable: '{0} could not be read: {1}. Check its permissions, then refresh.',
  fileTooLarge:
    '{0} is {1}, more than the {2} that can be read here. Copy the runs you need into a smaller file.',
  textTooLarge:
    'This text is {0}, more than the {1} that can be copied at once. Open it in an editor and copy the part you need.',
  fileEmpty:
    '{0} is empty (zero bytes). Run the agent once with the tracer on: it is shown as it comes.',
  notSqlite:
    '{0} is not a SQLite database, or it is encrypted. Open the file that your tracer writes, for example agent_traces.db.',
  damaged:
    '{0} is damaged or cut off: {1}. Copy it again from where it was written, or recover it with “sqlite3 {0} .recover”.',
  noSpans:
    '{0} has no table that holds spans. Its tables: {1}. Looked for, with what is missing: {2}. Open the file that your tracer writes; the README shows which are read.',
  unknownSpansTable:
    '{0} has a table “spans”, but not with the columns of a known tracer. Its tables: {1}. Looked for, with what is missing: {2}. The README shows which files are read.',
  viewTooLarge:
    '{0} keeps its spans in “{1}”, a view of more than {2}, which is more than can be read at once. Copy the runs you need into a table.',
  walOnly:
    '{0} has no tables yet; its data is still in {0}-wal. Let the agent finish or close its connection, then refresh.',
  fileBusy:
    '{0} is being written to faster than it can be read. Refresh once its writer has come to rest.',
  runMissing: 'That run is no longer in the file. Refresh to see what is.',
  spanMissing: 'That span is no longer in the file. Refresh to see what is.',
  fileNotOpen: 'That trace file is not open. Open it again.',
  readerStopped:
    'The process that reads trace files stopped ({0}). It starts again by itself; try once more.',
  readerNotStarted: 'The process that reads trace files could not be started: {0}. See the log.',
  outOfMemory:
    '{0} needs more memory than the reader has. Close other trace files, then try again.',
  replayUnrecorded:
    'The request of “{0}” was not recorded, so it cannot be sent again. Record requests with the tracer, or as the README shows.',
  replayOnlyNew:
    'Of “{0}” only what was new since the call before was recorded, so there is no request to send again. Replay a call that was recorded with its whole request.',
  replayCutAway:
    'The request of “{0}” was left out when it was recorded ({1}). Record with another redaction to replay its calls.',
  replayForeign:
    'The request of “{0}” is not one that the Messages API takes. Record the arguments of messages.create as they are.',
  replayNoKey:
    'There is no API key to send with. Set one, or the environment variable ANTHROPIC_API_KEY.',
  replayBadKey:
    'The API key has characters that no key has. Copy it again, without anything around it.',
  replayBadAddress:
    '“{0}” is not the address of an API. Give one that begins with https:// or http://, and holds no password, no key and nothing after a ? or #.',
  replayTooLarge:
    'The request of “{0}” is {1}, more than the {2} that can be edited here. Send it with the command agent-traces replay.',
  replayBadDocument: 'This document cannot be sent: {0} Correct it there, and send it again.',
  replayKeyRefused: '{0} refused the API key: {1}. Give a key that is valid there.',
  replayForbidden: '{0} does not allow this with this key: {1}. Use another key, or another model.',
  replayBilling: '{0} does not answer before a bill is settled: {1}. See your account there.',
  replayUnknownModel: '{0} has no model “{1}” for this key: {2}. Choose another model.',
  replayNoApi: '{0} has no Messages API at this address: {1}. See whether the base URL is right.',
  replayRejected: '{0} refused the request: {1}. Edit the request, and send it again.',
  replayTooLong: '{0} takes no request of this size: {1}. Make it shorter, and send it again.',
  replayLimited: '{0} limits how much is sent: {1}. Send it again {2}.',
  replayOverloaded: '{0} is overloaded: {1}. Send it again in a while.',
  replayServerFailed: '{0} failed: {1}. Send it again in a while.',
  replayNoConnection:
    '{0} cannot be reached: {1}. See whether the network and the base URL are right.',
  replayRedirected:
    '{0} answers with a redirect, which is not followed: it could carry the key elsewhere. Give the base URL that it leads to.',
  replayTimedOut: '{0} said nothing for {1}. Send it again, or allow for a longer wait.',
  replayBrokeOff:
    'The answer of {0} broke off: {1}. What came of it is kept. Send it again for a whole one.',
  replayTooMuch:
    'The answer of {0} is more than the {1} that are taken. What came of it is kept. Ask for less, with max_tokens.',
  replayNoAnswer:
    '{0} answered, but not as the Messages API does: {1}. See whether the base URL is right.',
  replayModelFailed: '{0} gave no answer: {1}. Choose another model, or send it to the API.',
  replayUntrusted:
    'Nothing is sent from a workspace that is not trusted. Trust it, then send again.',
  replayNowhere: 'Nothing can be sent from a browser. Open the folder in VS Code on a computer.',
  replayBusy: 'An answer is still coming. Cancel it, or wait for its end.',
  replayNotOurs:
    '{0} is no file of replays, and is left as it is. Choose a file that is not there yet.',
  replayNotKept: 'The replay could not be kept in {0}: {1}.',
  toolInputUnrecorded:
    'The input of “{0}” was not recorded, so it cannot be run again. Record it as metadata["tool_input"]; its Tool tab shows how.',
  toolInputCut:
    'The input of “{0}” is not as it was: something was taken out when it was recorded ({1}). Record with another redaction to run it again.',
  toolInputTooDeep:
    'What was recorded of “{0}” nests too deeply to be handed to a tool. Run the tool by hand.',
  toolInputTooLarge:
    'What was recorded of “{0}” is more than the {1} that are handed to a tool. Run the tool by hand.',
  toolUnregistered:
    '“{0}” is not registered as a tool that may be run again. Name it in the file that is given with --tools; the README shows how.',
  toolDefinition: '“{0}” cannot be run as it is registered. {1}: {2} Correct it there.',
  toolNoFolder:
    'A tool runs in the folder of its workspace, and none is open on this computer. Open the folder of the agent.',
  toolProgramMissing:
    'The program {0} was not found. Give its full path, or see that PATH has its folder.',
  toolProgramRefused:
    'The program {0} may not be run. See that it is a program and has the right to be executed.',
  toolCwdMissing: 'The folder {0} does not exist, so nothing can run there. Correct “cwd”.',
  toolNotStarted: '“{0}” could not be started: {1}. See whether it runs in a terminal.',
  toolTimedOut:
    '“{0}” did not end within {1} and was stopped. See what it waits for, or allow for more with “timeoutSeconds”.',
  toolTooMuch:
    '“{0}” gave more than {1} and was stopped. Let it give less, or allow for more with “outputLimitMb”.',
  toolExited:
    '“{0}” failed with exit code {1}: {2} See what it needs: it gets the recorded input as JSON on its standard input.',
  toolKilled: '“{0}” was ended by the signal {1}: {2} Run it again, or see what ended it.',
  toolModuleMissing:
    'The module {0} could not be loaded: {1}. See that “module” names it and that what it imports is installed.',
  toolModuleTypes:
    'Node {1} does not run TypeScript, so {0} was not loaded. Name a newer one (22.18) in “node”, or a JavaScript file.',
  toolNoExport: 'The module {0} has no function “{1}”. It exports: {2}. Correct “export”.',
  toolThrew: '“{0}” failed: {1} See what it needs: its function gets the recorded input.',
  toolNoResult:
    '“{0}” ended before its function gave a result (exit code {1}): {2} See that it waits for what it has begun.',
  toolNotJson: 'What “{0}” gave cannot be written as JSON: {1}. Let its function give JSON values.',
  toolMcpMissing: '{0} could not be read: {1}. Add the server to it, or correct “mcp”.',
  toolMcpConfig: 'The MCP server “{0}” cannot be used. {1}: {2}',
  toolMcpAddress: '“{1}” is no address of the MCP server “{0}”. Correct its “url” in mcp.json.',
  toolMcpEnded:
    'The MCP server “{0}” ended before it answered: {1} See whether its command runs in a terminal.',
  toolMcpSilent:
    'The MCP server “{0}” did not answer within {1} and was stopped. See whether it is one, and what it waits for; “timeoutSeconds” allows for more.',
  toolMcpSignIn:
    'The MCP server “{0}” asks for a sign-in ({1}). Give it a header “Authorization” in mcp.json.',
  toolMcpNoConnection:
    'The MCP server “{0}” cannot be reached: {1}. See whether it runs, and its address in mcp.json.',
  toolMcpNoTool: 'The MCP server “{0}” has no tool “{1}”. It has: {2}. Correct “tool”.',
  toolMcpFailed: 'The MCP server “{0}” failed: {1}. See its own log.',
  toolSaidFailed: '“{0}” says that it failed: {1} See what it needs.',
  toolNoInput: 'The MCP server “{0}” asks for “{1}”. Give it in the environment, as {2}.',
  importUnknown:
    '{0} is in no format that can be imported. These are: {1}. Export it in one of them.',
  importFileEmpty: '{0} is empty (zero bytes). Export it again, or choose another file.',
  importNoFiles:
    '{0} holds no files that end in .jsonl, .json, .ndjson, .pb or .otlp. Choose another folder, or the files themselves.',
  importTraceFile: '{0} is a SQLite database, which needs no import. Open it as it is.',
  importCutOff: '{0} is cut off: its JSON ends too early, in line {1}. Export it again, whole.',
  importBroken: '{0} is broken JSON at line {1}, column {2}. Correct it there, or export it again.',
  importNoFile: '{0} is not a regular file. Write what it gives to a file first, and import that.',
  importEmpty: '{0} holds no spans: nothing was imported. {1}',
  importTooLarge:
    '{0} is one JSON document of more than {1}, which cannot be read at once. Export it as JSON lines.',
  importFolderTooLarge:
    'Below {0} are more than {1} files and folders. Import a folder in it, or the files themselves.',
  importExists: '{0} is there already, and is left as it is. Choose a file that is not there yet.',
  importNotWritten: '{0} could not be written: {1}.',
  importStopped: 'The process that imports stopped ({0}). Try once more; the log has the details.',
  importNeedsSqlite:
    'To import, Node needs SQLite, which {0} does not have. Use Node 22.13 or newer.',
  exportNoKey: '{0} needs {1}, which has no value. Set it in the environment.',
  exportBadKey:
    '{0} has characters that no header takes. Copy it again, without anything around it.',
  exportBadAddress:
    '“{0}” is not an address that traces go to. Give one that begins with https:// or http:// and holds no password.',
  exportKeyRefused: '{0} refused the key: {1}. Give one that may write there.',
  exportRefused: '{0} refused what was sent: {1}. See whether the address and the form are right.',
  exportServerFailed:
    '{0} failed at what was sent: {1}. The fault is at its side: look at its log, and export again.',
  exportWebPage:
    '{0} answered with a web page, which no receiver of OTLP does: nothing counts as arrived. Give the whole address of one, such as {1}.',
  exportRedirected:
    '{0} answers with a redirect, which is not followed: it could carry the key elsewhere. Give the address that it leads to.',
  exportTooLarge:
    '{0} takes no span of this size: {1}. Export without content, or raise its limit.',
  exportFileTooLarge:
    'This becomes a file of more than {0}. Export fewer runs, or use the command line: agent-traces export.',
  exportOverTrace:
    '{0} is the trace file, or belongs to it, and is only ever read. Choose another place for the export.',
  exportOverDatabase:
    '{0} is a SQLite database, or belongs to one, and is left as it is. Choose another place for the export.',
  exportExists: '{0} is there already, and is left as it is. Choose a name that is not there yet.',
  exportNotWritten: '{0} could not be written: {1}. Choose another place for it.',
  exportNotRemembered:
    '{0} could not be written: {1}. What arrives is noted there, so that nothing is sent twice: let it be written, and export again.',
  exportUnderWay:
    'Another export to {0} is under way. Wait for its end and export again: what it sent is left out.',
  exportBusy:
    '{0} takes nothing at present: {1}. Export again later: what was sent is not sent twice.',
  exportAsksToWait:
    '{0} takes nothing at present: {1}. It asks to wait {2}, longer than an export does. Export again then: what was sent is not sent twice.',
  exportNoConnection:
    '{0} cannot be reached: {1}. See whether it runs, and whether the address is right.',
  exportCertificate:
    '{0} has a certificate that is not trusted: {1}. See whether the address is right, or have Node trust it with NODE_EXTRA_CA_CERTS.',
  exportBrokeOff:
    'The connection to {0} broke off: {1}. Whether the last {2} spans arrived is not known: look there. Exporting again sends them a second time, under the same ids, and the rest.',
  badQuery: 'This cannot be searched for: {0}',
  cancelled: 'Cancelled.',
  unexpected: 'Something went wrong: {0}. The log has the details.',
} as const;
export type TraceErrorCode = keyof typeof errorTexts;
export type ErrorTexts = Readonly<Record<TraceErrorCode, string>>;

/** A failure with words for the user. It crosses process borders as `{ code, args }`. */
export class TraceError extends Error {
  readonly code: TraceErrorCode;
  readonly args: readonly string[];

  constructor(code: TraceErrorCode, args: readonly string[] = [], cause?: unknown) {
    // A code that came over a wire may be of another version, and the call must still be answered.
    const known = Object.hasOwn(errorTexts, code);
    super(fillIn(known ? errorTexts[code] : errorTexts.unexpected, known ? args : [code]), {
      cause,
    });
    this.name = 'TraceError';
    this.code = known ? code : 'unexpected';
    this.args = known ? args : [String(code)];
  }

  /** Any thrown thing as a TraceError: what has no words of its own becomes `unexpected`. */
  static from(thrown: unknown): TraceError {
    if (thrown instanceof TraceError) return thrown;
    return new TraceError('unexpected', [wordsOf(thrown)], thrown);
  }
}

function wordsOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } catch {
    // An object without a prototype, or whose toString throws, has no words; its type has to do.
    return typeof thrown;
  }
}

/** Why something that lies beside a file is not shown. */
export const stalenessTexts = {
  severalFolders: 'it belongs to a transaction over databases in several folders',
  otherPages: 'its pages are not as large as those of the file',
  fileAlone: 'only the file itself can be read here',
} as const;

/** Puts arguments in the places `{0}`, `{1}`, … of a text. */
export function fillIn(text: string, args: readonly (string | number)[]): string {
  return text.replace(/\{(\d+)\}/g, (whole, index) => String(args[Number(index)] ?? whole));
}
