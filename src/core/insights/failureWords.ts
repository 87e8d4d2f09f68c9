import { type Fields, fieldsOf, textOf } from '../fields.ts';
import { beginOf } from './jsonWriter.ts';

/**
 * How a structured result says that it failed; undefined where it does not. A value that only reports on
 * something that failed (a build, a check, a list of lint errors) is a good answer.
 */
export function saysFailed(result: unknown, depth = 0): string | undefined {
  if (Array.isArray(result)) {
    // Blocks, of which one says it, or a list with nothing but the failure.
    if (result.some(block => marked(fieldsOf(block)))) return 'is_error: true';
    return result.length === 1 && depth < 3 ? saysFailed(result[0], depth + 1) : undefined;
  }
  const it = fieldsOf(result);
  if (marked(it)) return 'is_error: true';
  const error = errorOf(it) ?? listedErrors(it) ?? outcome(it) ?? httpStatus(it);
  if (error !== undefined) return beginOf(error, 200);
  const [only, ...others] = Object.keys(it);
  if (only === undefined || others.length > 0 || depth >= 3) return undefined;
  return /^(?:result|data|output|response|body|content)$/i.test(only)
    ? saysFailed(it[only], depth + 1)
    : undefined;
}

const marked = (it: Fields): boolean => it.is_error === true || it.isError === true;

/** A job, an incident or a check that has an error of its own: to tell of it is a good answer. */
function isReport(it: Fields): boolean {
  const has = (...names: readonly string[]): boolean => names.some(name => it[name] !== undefined);
  if (has('valid', 'is_valid', 'isValid', 'passed', 'healthy')) return true;
  return (
    has('id', 'job_id', 'run_id', 'task_id', 'build_id', 'incident_id', 'uuid', 'name') &&
    has('status', 'state', 'phase', 'level', 'severity', 'title', 'created_at', 'started_at')
  );
}

function errorOf(it: Fields): string | undefined {
  if (isReport(it)) return undefined;
  for (const name of [
    'error',
    'Error',
    'exception',
    'traceback',
    'error_message',
    'errorMessage',
  ]) {
    const words = errorWords(it[name]);
    if (words !== undefined) return `${name}: ${words}`;
  }
  return undefined;
}

function errorWords(error: unknown): string | undefined {
  if (error === true) return 'true';
  if (typeof error === 'string') {
    return /^\s*(?:none|null|no errors?|ok|false|0)?\s*$/i.test(error) ? undefined : error.trim();
  }
  const it = fieldsOf(error);
  const words = textOf(it.message) ?? textOf(it.detail) ?? textOf(it.type) ?? textOf(it.code);
  if (words !== undefined) return words;
  return typeof it.code === 'number' ? `code ${it.code}` : undefined;
}

/** As GraphQL lists them. A linter's or compiler's list names lines. */
function listedErrors(it: Fields): string | undefined {
  const { errors, data } = it;
  if (!Array.isArray(errors) || errors.length === 0) return undefined;
  if (data !== undefined && data !== null) return undefined;
  const others = Object.keys(it).filter(
    key => !/^(?:errors|data|extensions|message|success|status|code)$/.test(key),
  );
  const first = fieldsOf(errors[0]);
  const placed = ['line', 'row', 'rule', 'ruleId', 'file', 'column', 'severity'].some(
    name => first[name] !== undefined,
  );
  if (others.length > 0 || placed) return undefined;
  const words = textOf(errors[0]) ?? textOf(first.message);
  return words === undefined ? undefined : `errors: ${words}`;
}

/** `success: false`, `status: "error"`, a shell's word for a command that could not be run. */
function outcome(it: Fields): string | undefined {
  const why = textOf(it.message) ?? textOf(it.reason) ?? textOf(it.detail) ?? errorCode(it);
  const because = why === undefined ? '' : ` (${why})`;
  if (it.success === false) return `success: false${because}`;
  if (it.ok === false && why !== undefined) return `ok: false${because}`;
  const status = textOf(it.status)?.toLowerCase() ?? '';
  const fields = Object.keys(it).length;
  if (/^(?:error|exception)$/.test(status) && (why !== undefined || fields === 1)) {
    return `status: ${status}${because}`;
  }
  if (/^fail(?:ed|ure)$/.test(status) && why !== undefined && isBareFailure(it)) {
    return `status: ${status}${because}`;
  }
  if (it.type === 'error' && why !== undefined) return `type: error${because}`;
  const code = it.exit_code ?? it.exitCode ?? it.returncode;
  return code === 126 || code === 127 || code === 137 ? `exit code: ${code}` : undefined;
}

/** Nothing but that it failed and why: beside anything else, an order or a job is what failed. */
const isBareFailure = (it: Fields): boolean =>
  Object.entries(it).every(([key, value]) => value === null || failureFields.has(key));

const failureFields: ReadonlySet<string> = new Set([
  ...['status', 'success', 'ok', 'reason', 'message', 'detail', 'details', 'error', 'type'],
  ...['code', 'error_code', 'errorCode', 'status_code', 'statusCode'],
  ...['request_id', 'requestId', 'trace_id', 'timestamp', 'retryable', 'retry_after'],
]);

const errorCode = (it: Fields): string | undefined => textOf(it.error_code) ?? textOf(it.errorCode);

/** The answer of a server, body and all. That a checked link gives 404 is what a checker is for. */
function httpStatus(it: Fields): string | undefined {
  for (const name of ['status', 'status_code', 'statusCode', 'http_status', 'code']) {
    const status = Number(it[name]);
    if (!(status >= 400 && status <= 599)) continue;
    const whole = ['body', 'content', 'text', 'html', 'headers', 'message', 'msg', 'detail'];
    if (whole.some(field => it[field] !== undefined)) return `${name}: ${status}`;
  }
  return undefined;
}
