const a = (count: number, char: string): string => char.repeat(count);

/** Put together here, so that no scanner takes this file for a leak. */
export const secrets: Readonly<Record<string, string>> = {
  anthropic: `sk-ant-${'api03'}-${a(40, 'Ab3_')}-AA`,
  openai: `sk-proj-${a(12, 'xY9z')}`,
  aws: `AKIA${'IOSFODNN7'}EXAMPLE`,
  github: `ghp_${a(9, 'aB3d')}`,
  githubFine: `github_pat_${a(20, 'Zz9')}`,
  slack: `xoxb-${'123456789012'}-abcDEF`,
  bearer: `Bearer ${a(5, 'tok3n')}`,
  jwt: `eyJ${'hbGciOiJIUzI1NiJ9'}.eyJzdWIiOiIxIn0.c2lnbmF0dXJl`,
  key: `-----BEGIN RSA ${'PRIVATE'} KEY-----\nMIIEow\nabc=\n-----END RSA ${'PRIVATE'} KEY-----`,
  email: 'jane.doe+x@mail.example.co.uk',
  card: '4111 1111 1111 1111',
  amex: '378282246310005',
  phone: '+49 (30) 1234-5678',
  phoneUs: '(555) 123-4567',
};
