import { Conversation } from './conversation.ts';
import type { SpanRecord } from './database.ts';
import { fxSystem, fxTools, harrowPages, reconcileSystem, reconcileTools } from './invoiceTexts.ts';
import type { Random } from './random.ts';
import { Run } from './run.ts';

const file = 'agents/reconcile.py';
const loop = { file, line: 142, function: 'run_step' };
const dispatch = { file: 'agents/tools/__init__.py', line: 31, function: 'dispatch' };
const ledger = { file: 'agents/tools/ledger.py', line: 88, function: 'post_journal_entry' };
const rates = { file: 'agents/fx.py', line: 47, function: 'fx_rate_agent' };

const model = 'claude-sonnet-4-5';
export const reconcileParameters = {
  model,
  maxTokens: 4096,
  thinkingBudget: 2048,
  system: reconcileSystem,
  tools: reconcileTools,
  cached: true,
};

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

/**
 * The model reads the German “1.204,50” as 1.20, and the ledger refuses the entry. Before that, two tools
 * run side by side, one of them an agent, and one entry is refused for its rate and then accepted.
 */
export function failingInvoice(random: Random, start: number): Run {
  const month = day(start).slice(0, 7);
  const invoiceDay = day(start - 12 * 86_400_000);
  const question = `Reconcile the open invoices of ${month}. Stop at the first one that does not match.`;
  const run = new Run(random, { name: 'invoice_reconcile', start, input: question, source: loop });
  const talk = new Conversation(random, reconcileParameters).user(question);

  const list = talk.use('list_open_invoices', { month });
  const first = talk.answer(
    talk.thinking('I need the open invoices first. The order of the list is the order of work.'),
    list,
  );
  run.llm('llm_initial_call', talk, first, { ms: 3020, source: { ...loop, line: 118 } });
  const open = [
    {
      invoice: 'INV-2291',
      supplier: 'Brightwater Freight Inc.',
      order: 'PO-7714',
      currency: 'USD',
      expected: '344.78',
    },
    {
      invoice: 'INV-2304',
      supplier: 'Harrow Print GmbH',
      order: 'PO-7731',
      currency: 'EUR',
      expected: '1204.50',
    },
  ];
  run.tool(list, { invoices: open, total: 2 }, { ms: 212, source: dispatch });
  talk.results({ use: list, content: { invoices: open, total: 2 } });

  const readFirst = talk.use('read_invoice', { invoice: 'INV-2291' });
  const rate = talk.use('fx_rate_agent', { base: 'EUR', quote: 'USD', date: invoiceDay });
  const second = talk.answer(
    talk.thinking(
      'Two invoices. INV-2291 is in USD, so I need the rate of its date as well as its page. Both can be fetched at once.',
    ),
    'Two invoices are open. I read the first one and fetch the USD rate of its date.',
    readFirst,
    rate,
  );
  run.llm('llm_continuation', talk, second, { ms: 1820, source: loop });
  const freight = {
    supplier: 'Brightwater Freight Inc.',
    date: invoiceDay,
    order: 'PO-7714',
    currency: 'USD',
    total: 344.78,
    lines: [{ text: 'Ocean freight LCL, 2.4 cbm, Newark to Hamburg', net: 344.78, vat: 'none' }],
    page_text:
      'BRIGHTWATER FREIGHT INC.\nInvoice 2291\nBill to: Nordhafen Handels GmbH, Hamburg\nOcean freight LCL, 2.4 cbm, Newark to Hamburg\nTotal due USD 344.78\nTerms: net 30 days',
  };
  run.tool(readFirst, freight, { ms: 340, source: dispatch, beside: true });
  run.wait(5);
  const answer = fxAgent(run, random, rate.input, rate.id, invoiceDay);
  talk.results({ use: readFirst, content: freight }, { use: rate, content: answer });

  const post = talk.use('post_journal_entry', {
    invoice: 'INV-2291',
    account: '4730',
    amount: '318.00',
    currency: 'EUR',
  });
  const readSecond = talk.use('read_invoice', { invoice: 'INV-2304' });
  const third = talk.answer(
    talk.thinking(
      'INV-2291 matches the order: USD 344.78 at 1.0842 is EUR 318.00. Freight goes to 4730. Next is INV-2304; I need its page before I can post it, and that does not depend on the entry.',
    ),
    'INV-2291 matches the order. I post it and read INV-2304 meanwhile.',
    post,
    readSecond,
  );
  run.llm('llm_continuation', talk, third, { ms: 2540, source: loop });
  const refusal = { ok: false, code: 'RATE_LIMITED', retry_after_ms: 400 };
  const refused = run.tool(post, refusal, {
    ms: 220,
    source: ledger,
    beside: true,
    error: 'LedgerError 429: too many entries in this minute, retry after 400 ms',
    more: { attempt: 1 },
  });
  run.event(
    refused,
    'retry',
    { attempt: 1, status: 429, wait_ms: 400, reason: 'rate limit of the ledger' },
    refused.end,
  );
  const harrow = {
    supplier: 'Harrow Print GmbH',
    date: invoiceDay,
    order: 'PO-7731',
    currency: 'EUR',
    total: '1.204,50',
    lines: [
      { text: 'Katalog, Offset, 2.000 Stück', net: '1.042,00', vat: 'reverse charge' },
      { text: 'Rückendrahtheftung, 2.000 Stück', net: '90,00', vat: 'reverse charge' },
      { text: 'Versand auf 3 Paletten', net: '72,50', vat: 'reverse charge' },
    ],
    page_text: harrowPages,
  };
  run.tool(readSecond, harrow, { after: 4, ms: 414, source: dispatch, beside: true });
  const posted = { ok: true, entry: 'JE-88120', posted_at: new Date(run.now + 940).toISOString() };
  run.tool(post, posted, {
    after: 620,
    ms: 324,
    source: ledger,
    more: { attempt: 2, retries: [{ attempt: 1, error: '429', waited_ms: 400 }] },
  });
  talk.results({ use: post, content: posted }, { use: readSecond, content: harrow });

  const wrong = talk.use('post_journal_entry', {
    invoice: 'INV-2304',
    account: '4400',
    amount: '1.20',
    currency: 'EUR',
  });
  const fourth = talk.answer(
    talk.thinking(
      'INV-2291 is posted as JE-88120. Next is INV-2304 from Harrow Print GmbH. The invoice total reads 1.204,50, so the amount is EUR 1.20 and the rest is the item reference. VAT is reverse charge, so a single line is enough. Catalogues are printed matter: account 4400.',
    ),
    'INV-2291 is in the ledger. Posting INV-2304 (Harrow Print GmbH) for EUR 1.20 to account 4400.',
    wrong,
  );
  const cause = run.llm('llm_continuation', talk, fourth, { ms: 2270, source: loop });
  run.event(
    cause,
    'decision',
    { tool: 'post_journal_entry', invoice: 'INV-2304', amount: '1.20' },
    cause.end,
  );
  const error = 'LedgerError 422: entry does not balance: debit 1.20 EUR, credit 1,204.50 EUR';
  const failed = run.tool(
    wrong,
    { ok: false, code: 'UNBALANCED', debit: '1.20', credit: '1204.50' },
    { ms: 440, source: ledger, error },
  );
  run.event(
    failed,
    'exception',
    {
      'exception.type': 'LedgerError',
      'exception.message': error,
      'exception.stacktrace': [
        'Traceback (most recent call last):',
        '  File "agents/reconcile.py", line 151, in run_step',
        '    result = dispatch(block.name, block.input)',
        '  File "agents/tools/ledger.py", line 88, in post_journal_entry',
        '    raise LedgerError(response.status_code, response.json()["detail"])',
        `LedgerError: ${error.slice('LedgerError '.length)}`,
      ].join('\n'),
    },
    failed.end,
  );
  return run.fail(error);
}

/** The sub-agent: a call, a search in stored rate sheets, a call. */
function fxAgent(run: Run, random: Random, input: unknown, toolUseId: string, date: string) {
  const agent: SpanRecord = run.open('fx_rate_agent', {
    kind: 'agent',
    tool_name: 'fx_rate_agent',
    tool_input: input,
    tool_use_id: toolUseId,
    source: rates,
  });
  const talk = new Conversation(random, {
    model,
    maxTokens: 1024,
    system: fxSystem,
    tools: fxTools,
  }).user(`EUR/USD on ${date}`);
  run.wait(4);
  const search = talk.use('search_fx_rates', { query: `EUR USD ${date}`, limit: 3 });
  const ask = talk.answer(search);
  run.llm('llm_initial_call', talk, ask, { under: agent, ms: 1160, source: rates });
  const found = {
    hits: [
      { sheet: `eurofxref-${date}.csv`, line: `USD,1.0842`, score: 0.97 },
      { sheet: `eurofxref-${date}.csv`, line: 'JPY,164.31', score: 0.41 },
    ],
  };
  const retrieval = run.tool(search, found, {
    under: agent,
    name: 'search_fx_rates',
    kind: 'retrieval',
    ms: 390,
    source: { ...rates, line: 63, function: 'search_fx_rates' },
  });
  run.event(retrieval, 'documents', { returned: 2, collection: 'ecb_rate_sheets' }, retrieval.end);
  talk.results({ use: search, content: found });
  const answer = `{"pair": "EUR/USD", "rate": "1.0842", "date": "${date}", "source": "eurofxref-${date}.csv"}`;
  run.llm('llm_continuation', talk, talk.answer(answer), {
    under: agent,
    ms: 1170,
    source: rates,
  });
  run.close(agent);
  agent.metadata.tool_result = answer;
  agent.metadata.result_length = answer.length;
  run.wait(15);
  return answer;
}

const suppliers = [
  ['INV-2263', 'Elbtal Verpackungen KG', 'PO-7690', '4400', '612.40'],
  ['INV-2268', 'Kessler Aufzugsdienst GmbH', 'PO-7702', '4806', '1890.00'],
  ['INV-2272', 'Lindqvist Papper AB', 'PO-7695', '4400', '2347.15'],
  ['INV-2277', 'Spedition Marquardt', 'PO-7708', '4730', '488.20'],
  ['INV-2280', 'Vega Etiketten GmbH', 'PO-7711', '4400', '96.75'],
] as const;

/** A month with one matching invoice: the plain, successful form. */
export function plainInvoice(random: Random, start: number, index: number): Run {
  const [invoice, supplier, order, account, amount] = suppliers[index % suppliers.length]!;
  const month = day(start).slice(0, 7);
  const question = `Reconcile invoice ${invoice} of ${month} with order ${order}.`;
  const run = new Run(random, { name: 'invoice_reconcile', start, input: question, source: loop });
  const talk = new Conversation(random, reconcileParameters).user(question);
  const read = talk.use('read_invoice', { invoice });
  const check = talk.use('read_purchase_order', { order });
  run.llm('llm_initial_call', talk, talk.answer(read, check), { source: loop });
  const page = { supplier, order, currency: 'EUR', total: Number(amount), vat: '19 %' };
  const ordered = { order, supplier, expected: amount, approved_by: 'k.petersen' };
  run.tool(read, page, { ms: 380, source: dispatch, beside: true });
  run.tool(check, ordered, { after: 3, ms: 240, source: dispatch });
  run.wait(160);
  talk.results({ use: read, content: page }, { use: check, content: ordered });
  const post = talk.use('post_journal_entry', { invoice, account, amount, currency: 'EUR' });
  const decide = talk.answer(
    talk.thinking(
      `The invoice total is ${amount} EUR and the order expects ${amount} EUR. They match; account ${account}.`,
    ),
    post,
  );
  run.llm('llm_continuation', talk, decide, { source: loop });
  const entry = { ok: true, entry: `JE-880${40 + index}` };
  run.tool(post, entry, { source: ledger });
  talk.results({ use: post, content: entry });
  const summary = `| invoice | supplier | EUR | entry |\n|---|---|---:|---|\n| ${invoice} | ${supplier} | ${amount} | ${entry.entry} |`;
  run.llm('llm_continuation', talk, talk.answer(summary), { source: loop });
  return run.finish(summary);
}
