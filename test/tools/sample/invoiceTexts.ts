import { tool } from './conversation.ts';

export const reconcileSystem = `You reconcile supplier invoices with the general ledger of Nordhafen Handels GmbH.

Work through the open invoices in the order in which list_open_invoices returns them.

For each invoice:
1. Read the invoice with read_invoice. Compare supplier, number, currency and total with the purchase order.
2. If the invoice is in a foreign currency, ask fx_rate_agent for the rate of the invoice date and convert to EUR. Round half up to two places.
3. Post exactly one journal entry per invoice with post_journal_entry. Amounts are decimal strings with a dot and two places, for example "318.00".
4. Use account 4400 for goods and printed matter, 4730 for freight, 4806 for maintenance contracts.

Rules:
- Never post an invoice twice. If an entry is refused because of a rate limit, the tool repeats it by itself.
- Reverse charge (§ 13b UStG): one line with the net amount, no input tax.
- If the total of an invoice and the purchase order differ by more than 1 %, do not post. Report the difference instead.
- Stop at the first invoice that does not match and say which one, with both amounts.

Suppliers write numbers in their own way. Check which character separates the decimals before you convert.

Answer briefly. The accountant reads the summary at the end and nothing else: number, supplier, amount in EUR, entry id.`;

export const reconcileTools = [
  tool('list_open_invoices', 'Lists the invoices of a month that have no journal entry yet.', {
    month: { type: 'string', description: 'Month as YYYY-MM' },
  }),
  tool(
    'read_invoice',
    'Reads one invoice: the fields found by the scanner and the text of its pages.',
    { invoice: { type: 'string', description: 'Invoice number, for example INV-2291' } },
  ),
  tool('read_purchase_order', 'Reads the purchase order that an invoice refers to.', {
    order: { type: 'string', description: 'Number of the order, for example PO-7714' },
  }),
  tool(
    'post_journal_entry',
    'Posts one journal entry for an invoice. The ledger refuses an entry that does not balance with the open item of the invoice.',
    {
      invoice: { type: 'string' },
      account: { type: 'string', enum: ['4400', '4730', '4806'] },
      amount: { type: 'string', description: 'Decimal amount with a dot and two places' },
      currency: { type: 'string', enum: ['EUR'] },
    },
  ),
  tool(
    'fx_rate_agent',
    'Asks the exchange rate agent for the reference rate of a currency pair on a date.',
    {
      base: { type: 'string', description: 'ISO 4217 code, for example EUR' },
      quote: { type: 'string', description: 'ISO 4217 code, for example USD' },
      date: { type: 'string', description: 'Date as YYYY-MM-DD' },
    },
  ),
  tool('report_difference', 'Reports an invoice that does not match its order and ends the work.', {
    invoice: { type: 'string' },
    expected: { type: 'string' },
    found: { type: 'string' },
    reason: { type: 'string' },
  }),
];

export const fxSystem = `You find reference exchange rates. Use search_fx_rates; it searches the stored rate sheets of the European Central Bank.
Quote the rate as published, with four decimals, and name the sheet and its date. If the date is a day without a sheet, use the last sheet before it and say so. Answer as JSON: {"pair", "rate", "date", "source"}.`;

export const fxTools = [
  tool('search_fx_rates', 'Searches the stored rate sheets.', {
    query: { type: 'string' },
    limit: { type: 'integer', minimum: 1, maximum: 10 },
  }),
];

const terms = [
  '1. Geltung',
  'Allen Lieferungen und Leistungen liegen ausschließlich diese Bedingungen zugrunde.',
  'Abweichende Bedingungen des Auftraggebers erkennen wir nicht an, auch wenn wir ihnen nicht',
  'ausdrücklich widersprechen.',
  '2. Preise',
  'Die im Angebot genannten Preise gelten unter dem Vorbehalt, dass die der Angebotsabgabe',
  'zugrunde gelegten Auftragsdaten unverändert bleiben. Preise verstehen sich netto.',
  'Nachträgliche Änderungen auf Veranlassung des Auftraggebers werden gesondert berechnet.',
  '3. Zahlung',
  'Die Zahlung ist innerhalb von 30 Tagen nach Rechnungsdatum ohne Abzug zu leisten.',
  'Bei Zahlung innerhalb von 10 Tagen gewähren wir 2 % Skonto auf den Warenwert.',
  'Bei Zahlungsverzug sind Verzugszinsen in Höhe von neun Prozentpunkten über dem Basiszinssatz',
  'zu zahlen.',
  '4. Lieferung',
  'Hat sich der Auftragnehmer zum Versand verpflichtet, so nimmt er diesen für den Auftraggeber',
  'mit der gebotenen Sorgfalt vor. Liefertermine sind nur gültig, wenn sie schriftlich bestätigt',
  'wurden.',
  '5. Beanstandungen',
  'Der Auftraggeber hat die Vertragsgemäßheit der Ware sowie der zur Korrektur übersandten Vor-',
  'und Zwischenerzeugnisse unverzüglich zu prüfen. Mängel sind innerhalb einer Woche anzuzeigen.',
  'Mehr- oder Minderlieferungen bis zu 10 % der bestellten Auflage können nicht beanstandet',
  'werden. Berechnet wird die gelieferte Menge.',
  '6. Eigentumsvorbehalt',
  'Die gelieferte Ware bleibt bis zur vollständigen Zahlung unser Eigentum.',
  '7. Periodische Arbeiten',
  'Verträge über regelmäßig wiederkehrende Arbeiten können mit einer Frist von drei Monaten zum',
  'Schluss eines Monats gekündigt werden.',
  '8. Urheberrecht',
  'Der Auftraggeber haftet allein, wenn durch die Ausführung seines Auftrages Rechte Dritter,',
  'insbesondere Urheberrechte, verletzt werden.',
  '9. Gerichtsstand',
  'Erfüllungsort und Gerichtsstand ist, soweit zulässig, Lübeck. Es gilt deutsches Recht.',
];

/** What the scanner read from the two pages of the invoice that the run fails on. */
export const harrowPages = [
  'HARROW PRINT GMBH',
  'Offset · Digital · Weiterverarbeitung',
  'Kanalstraße 48 · 23552 Lübeck',
  '',
  'Nordhafen Handels GmbH',
  'Einkauf, z. Hd. Frau Petersen',
  'Speicherweg 3',
  '20457 Hamburg',
  '',
  'Rechnung Nr. 2304',
  'Ihre Bestellung: PO-7731',
  'Leistungszeitraum: November',
  '',
  'Pos. Bezeichnung                          Menge     Einzelpreis      Gesamt',
  '1    Katalog, Offset, 96 Seiten, 4/4-fbg.  2.000 Stück   0,5210      1.042,00',
  '     Papier: 115 g/m² Bilderdruck matt',
  '2    Rückendrahtheftung                    2.000 Stück   0,0450         90,00',
  '3    Versand auf 3 Paletten, frei Haus          1 psch.  72,5000         72,50',
  '',
  'Nettobetrag                                                        1.204,50',
  'Umsatzsteuer                                                            0,00',
  'Rechnungsbetrag EUR                                                1.204,50',
  '',
  'Steuerschuldnerschaft des Leistungsempfängers (§ 13b UStG).',
  'Zahlbar innerhalb von 30 Tagen ohne Abzug.',
  '',
  'Sparkasse zu Lübeck · IBAN DE02 2305 0101 0000 2304 00',
  'USt-IdNr. DE 135 790 246 · HRB 4471 HL · Geschäftsführer: M. Harrow',
  '',
  '— Seite 2 —',
  'Allgemeine Geschäftsbedingungen',
  ...terms,
].join('\n');
