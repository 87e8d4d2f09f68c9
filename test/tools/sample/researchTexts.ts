export interface Question {
  readonly question: string;
  readonly query: string;
  readonly hits: readonly {
    readonly title: string;
    readonly url: string;
    readonly excerpt: string;
  }[];
  /** Text of the first hits' pages. */
  readonly pages: readonly string[];
  readonly answer: string;
}

export const questions: readonly Question[] = [
  {
    question:
      'How does our database round NUMERIC values when a cast reduces the scale, and is that the same for double precision?',
    query: 'numeric cast scale rounding half away from zero double precision half even',
    hits: [
      {
        title: 'Numeric types',
        url: 'https://docs.example.com/db/17/datatype-numeric.html',
        excerpt:
          'When rounding values, the numeric type rounds ties away from zero, while (on most machines) the real and double precision types round ties to the nearest even number.',
      },
      {
        title: 'Rounding of money amounts in SQL',
        url: 'https://notes.example.org/sql-rounding',
        excerpt: 'A table of what ROUND(2.5) and ROUND(2.5::float) give in five databases.',
      },
    ],
    pages: [
      'Numeric types. A cast to numeric(p, s) rounds to s fractional digits. Ties are rounded away from zero: 2.5 becomes 3, -2.5 becomes -3. For real and double precision the result depends on the platform; on most machines ties go to the even neighbour.',
      '# Rounding of money amounts\n\n| expression | result |\n|---|---:|\n| `round(2.5::numeric)` | 3 |\n| `round(2.5::double precision)` | 2 |\n| `round(-2.5::numeric)` | -3 |\n\nRule of thumb: keep amounts in `numeric(14, 2)` and cast once, at the end.',
    ],
    answer:
      'They differ.\n\n- **NUMERIC** rounds ties away from zero: `round(2.5::numeric)` is `3`.\n- **double precision** rounds ties to the even neighbour on most machines: `round(2.5::double precision)` is `2`.\n\nFor money, keep `numeric(14, 2)` and cast once at the end.\n\nSources: https://docs.example.com/db/17/datatype-numeric.html, https://notes.example.org/sql-rounding',
  },
  {
    question: 'Seit wann verlangt die Rechnungsstellung an Behörden das Format XRechnung 3.0?',
    query: 'XRechnung 3.0 verpflichtend ab Bundesbehörden Übergangsfrist',
    hits: [
      {
        title: 'XRechnung: Versionen und Gültigkeit',
        url: 'https://verwaltung.example.de/xrechnung/versionen',
        excerpt: 'Version 3.0.1 ist seit dem 1. Februar 2024 anzuwenden.',
      },
    ],
    pages: [
      'XRechnung: Versionen und Gültigkeit. Version 2.3.1 war bis zum 31. Januar 2024 gültig. Version 3.0.1 ist seit dem 1. Februar 2024 anzuwenden. Eine Übergangsfrist ist nicht vorgesehen; Rechnungsempfänger können ältere Versionen zurückweisen.',
    ],
    answer:
      'Seit dem **1. Februar 2024** ist XRechnung 3.0.1 anzuwenden; Version 2.3.1 galt bis zum 31. Januar 2024. Eine Übergangsfrist gibt es nicht, Empfänger dürfen ältere Versionen zurückweisen.\n\nQuelle: https://verwaltung.example.de/xrechnung/versionen',
  },
  {
    question: 'What changed for file watching in the last two releases of our build tool?',
    query: 'build tool release notes file watcher polling recursive',
    hits: [
      {
        title: 'Release notes 4.8',
        url: 'https://build.example.dev/releases/4.8',
        excerpt: 'Watching uses the native recursive watcher on Linux where the kernel allows it.',
      },
      {
        title: 'Release notes 4.7',
        url: 'https://build.example.dev/releases/4.7',
        excerpt: 'The polling interval is now a setting.',
      },
    ],
    pages: [
      '4.8: watching uses the native recursive watcher on Linux; symbolic links are no longer followed outside the project. Fixed: a rename was reported as two changes.',
      '4.7: `watch.pollInterval` sets the interval in milliseconds (default 1000). Network drives are detected and always polled.',
    ],
    answer:
      'Two things matter:\n\n1. **4.8**: the native recursive watcher on Linux; links out of the project are no longer followed. If you link packages from outside, add them to `watch.include`.\n2. **4.7**: `watch.pollInterval` (default 1000 ms); network drives are always polled.\n\nhttps://build.example.dev/releases/4.8, https://build.example.dev/releases/4.7',
  },
  {
    question: '請求書の適格請求書発行事業者登録番号は何桁ですか。検証方法も教えてください。',
    query: '適格請求書発行事業者 登録番号 桁数 検証 チェックデジット',
    hits: [
      {
        title: '登録番号の構成',
        url: 'https://zeimu.example.jp/invoice/number',
        excerpt: '登録番号は「T」と13桁の数字で構成されます。',
      },
    ],
    pages: [
      '登録番号は「T」と13桁の数字で構成されます。法人の場合は法人番号がそのまま使われ、先頭の1桁がチェックデジットです。チェックデジットは残り12桁から、9を法とする計算で求めます。個人事業者の番号は法人番号と重複しない13桁の数字です。',
    ],
    answer:
      '登録番号は **T＋13桁の数字** です。\n\n- 法人: 法人番号と同じ13桁。先頭の1桁がチェックデジットで、残り12桁から9を法として計算します。\n- 個人事業者: 法人番号と重複しない13桁。\n\n形式の検証には `^T\\d{13}$` を使い、法人の場合はチェックデジットも確認してください。\n\n出典: https://zeimu.example.jp/invoice/number',
  },
  {
    question: 'Does the carrier API accept ETag on label downloads, so that we can cache them?',
    query: 'carrier shipping API label download ETag If-None-Match cache',
    hits: [
      {
        title: 'Labels',
        url: 'https://developer.carrier.example.com/labels',
        excerpt: 'GET /v2/labels/{id} returns an ETag; send it back as If-None-Match.',
      },
    ],
    pages: [
      'GET /v2/labels/{id} returns the label as PDF or ZPL. The answer carries an ETag. Send it back as If-None-Match to receive 304 without a body. Labels never change after they have been confirmed; drafts may.',
    ],
    answer:
      'Yes. `GET /v2/labels/{id}` returns an `ETag`, and `If-None-Match` gives `304` without a body. Confirmed labels never change, so you may cache those without asking again; drafts may change.\n\n```http\nGET /v2/labels/88120 HTTP/1.1\nIf-None-Match: "9c1f-3"\n```\n\nhttps://developer.carrier.example.com/labels',
  },
];

export const htmlPageUrl = 'https://docs.example.com/db/17/datatype-numeric.html';

/** A whole manual page as a server sends it: navigation, tables and scripts around a few sentences. */
export function htmlPage(): string {
  const chapters = [
    'Preface',
    'Tutorial',
    'The SQL Language',
    'Data Types',
    'Functions and Operators',
    'Type Conversion',
    'Indexes',
    'Full Text Search',
    'Concurrency Control',
    'Performance Tips',
    'Parallel Query',
    'Server Administration',
    'Client Authentication',
    'Database Roles',
    'Localization',
    'Backup and Restore',
    'High Availability',
    'Monitoring',
    'Client Interfaces',
    'Reference',
    'Internals',
    'Appendixes',
  ];
  const functions = [
    ['abs', 'Absolute value'],
    ['ceil', 'Nearest integer not less than the argument'],
    ['floor', 'Nearest integer not greater than the argument'],
    ['div', 'Integer quotient'],
    ['mod', 'Remainder'],
    ['power', 'First argument raised to the second'],
    ['round', 'Rounds to the given number of decimal places'],
    ['scale', 'Digits after the point'],
    ['sign', 'Sign of the argument'],
    ['sqrt', 'Square root'],
    ['trim_scale', 'Removes trailing zeros'],
    ['trunc', 'Truncates towards zero'],
  ];
  const types = ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'];
  const nav = chapters
    .flatMap((chapter, at) =>
      Array.from(
        { length: 9 },
        (_, section) =>
          `      <li class="toc__item toc__item--depth-2"><a class="toc__link" href="/db/17/${chapter.toLowerCase().replaceAll(' ', '-')}-${section + 1}.html" data-track="toc" data-chapter="${at + 1}">${at + 1}.${section + 1}. ${chapter}, section ${section + 1}</a></li>`,
      ),
    )
    .join('\n');
  const rows = types
    .flatMap(type =>
      functions.map(
        ([name, what]) =>
          `        <tr class="table__row"><td class="table__cell table__cell--code"><code class="literal">${name}(${type})</code></td><td class="table__cell"><p class="para">${what}, for <code class="type">${type}</code>.</p></td><td class="table__cell"><code class="returnvalue">${type}</code></td></tr>`,
      ),
    )
    .join('\n');
  const comments = Array.from(
    { length: 140 },
    (_, at) =>
      `    <article class="comment" id="comment-${4100 + at}" itemscope itemtype="https://schema.org/Comment"><header class="comment__header"><span class="comment__author" itemprop="author">reader ${at + 1}</span> <time datetime="2025-${String(1 + (at % 12)).padStart(2, '0')}-${String(1 + (at % 27)).padStart(2, '0')}">${1 + (at % 27)}/${1 + (at % 12)}/2025</time></header><div class="comment__body" itemprop="text"><p>With version ${9 + (at % 9)}, <code>round(${at}.5::numeric)</code> gives ${at + 1} and <code>round(${at}.5::float8)</code> gives ${at % 2 ? at + 1 : at}.</p></div></article>`,
  ).join('\n');
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>8.1. Numeric Types</title>
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" href="/assets/site.4f1c9a.css">
  <script>window.dataLayer=window.dataLayer||[];window.dataLayer.push({"page":"datatype-numeric","version":"17","experiments":["toc-v2","dark"]});</script>
</head>
<body class="page page--manual">
  <nav class="toc" aria-label="Contents">
    <ul class="toc__list">
${nav}
    </ul>
  </nav>
  <main class="content" id="main">
    <h1 class="title">8.1. Numeric Types</h1>
    <p class="para">When rounding values, the <code class="type">numeric</code> type rounds ties away from zero, while (on most machines) the <code class="type">real</code> and <code class="type">double precision</code> types round ties to the nearest even number.</p>
    <table class="table" summary="Mathematical functions">
      <tbody>
${rows}
      </tbody>
    </table>
    <section class="comments" aria-label="Notes of readers">
${comments}
    </section>
  </main>
  <script src="/assets/manual.b77e02.js" defer></script>
</body>
</html>
`;
}
