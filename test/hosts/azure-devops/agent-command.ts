/** A logging command (`##vso[…]`). */
export interface AgentCommand {
  /** `task.setvariable` */
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** Decodes in the order of azure-pipelines-agent `CommandStringConvertor.cs`: the percent sign last. */
const decode = (value: string): string =>
  value
    .replaceAll('%3B', ';')
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%5D', ']')
    .replaceAll('%AZP25', '%');

const readProperties = (value: string): Record<string, string> => {
  const pairs = value.split(';').flatMap((pair) => {
    const separator = pair.indexOf('=');
    const isPair = separator > 0 && separator < pair.length - 1;
    return isPair ? [[pair.slice(0, separator).toLowerCase(), decode(pair.slice(separator + 1))] as const] : [];
  });
  return Object.fromEntries(pairs);
};

/**
 * Parses a line like azure-pipelines-agent `Command.TryParse`: a command may begin anywhere in it.
 * @returns undefined for ordinary output
 */
export const parseAgentCommand = (line: string): AgentCommand | undefined => {
  const start = line.indexOf('##vso[');
  const end = start < 0 ? -1 : line.indexOf(']', start);
  if (end < 0) return undefined;
  const header = line.slice(start + '##vso['.length, end);
  const space = header.indexOf(' ');
  const name = space < 0 ? header : header.slice(0, space);
  if (name.split('.').filter((part) => part !== '').length !== 2) return undefined;
  const properties = space > 0 ? readProperties(header.slice(space + 1)) : {};
  return { name: name.toLowerCase(), properties, data: decode(line.slice(end + 1)) };
};
