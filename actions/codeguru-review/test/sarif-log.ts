/** Fields of a result; the rest has defaults. */
export interface ResultInput {
  readonly rule?: string;
  readonly level?: 'none' | 'note' | 'warning' | 'error';
  readonly file?: string;
  readonly line?: number;
  readonly endLine?: number;
  readonly message?: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

export interface LogInput {
  readonly results: readonly ResultInput[];
  readonly scanner?: string;
  readonly rules?: readonly Readonly<Record<string, unknown>>[];
  readonly run?: Readonly<Record<string, unknown>>;
}

const toResult = ({
  rule = 'no-eval',
  level = 'error',
  file = 'src/app.js',
  message,
  more,
  ...lines
}: ResultInput) => ({
  ruleId: rule,
  level,
  message: { text: message ?? `${rule} is not kept` },
  locations: [
    {
      physicalLocation: {
        artifactLocation: { uri: file },
        region: { startLine: lines.line ?? 1, endLine: lines.endLine ?? lines.line ?? 1 },
      },
    },
  ],
  ...more,
});

/** Builds a SARIF log with one run. */
export const buildSarif = ({ results, scanner = 'Scanner', rules = [], run = {} }: LogInput): string =>
  JSON.stringify({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: scanner, rules } }, results: results.map(toResult), ...run }],
  });
