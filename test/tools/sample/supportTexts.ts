export const tickets = [
  {
    email: 'm.okafor@fernhill.example',
    subject: 'Charged twice for order 71834',
    text: 'Hello,\n\nmy card was charged twice on Friday, 84.90 EUR each. The order confirmation lists only one order. Please return one of the two.\n\nMaria Okafor',
    search: 'charged twice duplicate payment',
    customer: { id: 20411, name: 'Maria Okafor', last_order: 71834, payments: 2, state: 'shipped' },
    articles: [{ id: 112, title: 'Reserved and charged amounts', score: 0.81 }],
    decision: { queue: 'billing', priority: 1 },
    reply:
      'Hello Ms Okafor,\n\nthank you for writing. I can see two payments of 84.90 EUR for order 71834, and I have passed them to our billing team, who will look at them today. If one of them is only a reservation, your bank removes it by itself within five days. You will hear from us either way.\n\nKind regards',
  },
  {
    email: 'j.brandt@werkhof.example',
    subject: 'Paket seit acht Tagen unterwegs',
    text: 'Guten Tag,\n\nmeine Sendung 00340434 liegt laut Verfolgung seit acht Tagen in Bremen. Ich brauche die Filter bis Donnerstag. Können Sie nachforschen?\n\nJ. Brandt',
    search: 'Sendung hängt Nachforschung Frist',
    customer: {
      id: 18877,
      name: 'Jonas Brandt',
      last_order: 71520,
      payments: 1,
      state: 'in transit',
    },
    articles: [{ id: 87, title: 'Nachforschung: ab wann und wie', score: 0.92 }],
    decision: { queue: 'shipping', priority: 2 },
    reply:
      'Guten Tag Herr Brandt,\n\nIhre Sendung steht tatsächlich seit acht Tagen in Bremen. Ich habe den Fall an unser Versandteam gegeben, das heute eine Nachforschung beim Paketdienst stellt. Wegen Ihres Termins am Donnerstag prüft das Team auch eine Ersatzlieferung. Sie hören bis morgen Mittag von uns.\n\nMit freundlichen Grüßen',
  },
  {
    email: 'sato@hoshino-kobo.example',
    subject: 'ログインできません',
    text: 'お世話になっております。昨日からパスワードを再設定しても管理画面にログインできません。「セッションの有効期限が切れました」と表示されます。ブラウザは最新版です。ご確認をお願いいたします。\n佐藤',
    search: 'ログイン セッション 有効期限 Cookie',
    customer: { id: 20960, name: '佐藤 由美', last_order: 70012, payments: 1, state: 'delivered' },
    articles: [{ id: 203, title: 'サインインできない場合（Cookie の設定）', score: 0.88 }],
    decision: { queue: 'technical', priority: 2 },
    reply:
      '佐藤様\n\nお問い合わせありがとうございます。再設定の直後にこの表示が出る場合、古い Cookie が残っていることが原因の場合があります。お手数ですが、当サイトの Cookie を削除してから、もう一度お試しください。解決しない場合に備え、技術担当にも引き継ぎました。本日中にご連絡いたします。',
  },
  {
    email: 'e.lindgren@nordljus.example',
    subject: 'API returns 403 since this morning',
    text: 'Since about 06:40 UTC all our calls answer\n\n```json\n{"error": "forbidden", "detail": "key revoked", "request_id": "r-5c1e07"}\n```\n\nNobody on our side revoked a key. Orders are not being imported.\n\nErik Lindgren',
    search: 'API key revoked 403 forbidden',
    customer: { id: 15302, name: 'Nordljus AB', last_order: 71790, payments: 1, state: 'open' },
    articles: [{ id: 164, title: 'Rotation of API keys', score: 0.79 }],
    decision: { queue: 'technical', priority: 1 },
    reply:
      'Hello Mr Lindgren,\n\nyour shop is blocked, so this has gone to our technical team with the highest priority, together with request `r-5c1e07`. They will tell you who revoked the key and when. You can create a new key under Settings > API in the meantime; the old one stays revoked.\n\nKind regards',
  },
  {
    email: 'a.novak@lipa.example',
    subject: 'Return without the original box',
    text: 'The lamp is fine but too large. I no longer have the box it came in. May I send it back in another one?',
    search: 'return without original packaging',
    customer: { id: 19944, name: 'Ana Novak', last_order: 71605, payments: 1, state: 'delivered' },
    articles: [{ id: 41, title: 'Returns: packaging and labels', score: 0.94 }],
    decision: { queue: 'returns', priority: 3 },
    reply:
      'Hello Ms Novak,\n\nyes, any sturdy box will do; please fill the gaps so that the shade cannot move. The label is in your account under order 71605. Our returns team checks the lamp when it arrives and then writes to you.\n\nKind regards',
  },
  {
    email: 'p.dufour@atelier-rive.example',
    subject: 'Please delete my data',
    text: 'I closed my account in June and still receive mail. Please delete everything you have stored about me and confirm it.',
    search: 'delete account data request confirmation',
    customer: { id: 12087, name: 'Paul Dufour', last_order: 60418, payments: 0, state: 'closed' },
    articles: [],
    decision: { queue: 'privacy', priority: 2 },
    reply:
      'Hello Mr Dufour,\n\nyour request has gone to the colleagues who handle personal data. They confirm within one month what was deleted and which invoices the law obliges us to keep. I have also taken your address off the mailing list.\n\nKind regards',
  },
] as const;
