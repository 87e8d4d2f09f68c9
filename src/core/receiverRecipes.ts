import { asArgument } from './shellWord.ts';

/** For whom variables are made. */
export const recipeIds = ['any', 'claudeCode', 'anthropicSdk', 'traceloop'] as const;
export type RecipeId = (typeof recipeIds)[number];

export type Variables = Readonly<Record<string, string>>;

/**
 * What a program needs in its environment to send to a receiver on this machine. All of what they record is
 * named: prompts and answers do not leave the machine.
 *
 * @param url of the receiver
 * @param token which it asks for, if any
 */
export function receiverVariables(recipe: RecipeId, url: string, token?: string): Variables {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_LOGS_EXPORTER: 'otlp',
    // Nothing here keeps metrics.
    OTEL_METRICS_EXPORTER: 'none',
    ...(token !== undefined && { OTEL_EXPORTER_OTLP_HEADERS: header(token) }),
    ...own[recipe](url, token),
  };
}

const header = (token: string): string => `x-agent-traces-token=${token}`;

const own: Readonly<Record<RecipeId, (url: string, token: string | undefined) => Variables>> = {
  // Also the Vercel AI SDK (https://ai-sdk.dev/v7/docs/ai-sdk-core/telemetry), OpenInference
  // (https://github.com/Arize-ai/openinference) and pydantic-ai (https://ai.pydantic.dev/logfire/,
  // "Logfire with an alternative OTel backend"): what else they need stands in the program.
  any: () => ({}),
  // https://code.claude.com/docs/en/monitoring-usage
  claudeCode: () => ({
    CLAUDE_CODE_ENABLE_TELEMETRY: '1',
    // Without it there are records of the log and no spans.
    CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: '1',
    OTEL_LOG_USER_PROMPTS: '1',
    OTEL_LOG_TOOL_DETAILS: '1',
    OTEL_LOG_TOOL_CONTENT: '1',
    OTEL_LOG_ASSISTANT_RESPONSES: '1',
  }),
  // https://platform.claude.com/docs/en/manage-claude/opentelemetry/sdk
  anthropicSdk: () => ({ ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE: 'content' }),
  // https://traceloop.com/docs/openllmetry/integrations/otel-collector: it has variables of its own, and
  // does not read those of OpenTelemetry. Content is recorded unless TRACELOOP_TRACE_CONTENT=false.
  traceloop: (url, token) => ({
    TRACELOOP_BASE_URL: url,
    ...(token !== undefined && { TRACELOOP_HEADERS: header(token) }),
  }),
};

/** As a file of variables has them. */
export const variableLines = (variables: Variables): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

export type Shell = 'posix' | 'powershell' | 'cmd';

/** As one types them into a shell, so that what it starts has them. */
export const shellLines = (variables: Variables, shell: Shell): string =>
  Object.entries(variables)
    .map(([name, value]) => `${assign[shell](name, value)}\n`)
    .join('');

const assign: Readonly<Record<Shell, (name: string, value: string) => string>> = {
  posix: (name, value) => `export ${name}=${asArgument(value)}`,
  powershell: (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
  // Within quotes nothing but % means more than itself, and no value of ours has one.
  cmd: (name, value) => `set "${name}=${value}"`,
};
