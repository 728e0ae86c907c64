/** A logging command as the agent understands it. */
export interface AgentCommand {
  /** `task.setvariable` */
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** As azure-pipelines-agent `CommandStringConvertor.cs`: in this order, the percent sign last. */
const plainText = (text: string): string =>
  text
    .replaceAll('%3B', ';')
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%5D', ']')
    .replaceAll('%AZP25', '%');

const readProperties = (text: string): Record<string, string> => {
  const pairs = text.split(';').flatMap((pair) => {
    const at = pair.indexOf('=');
    const isPair = at > 0 && at < pair.length - 1;
    return isPair ? [[pair.slice(0, at).toLowerCase(), plainText(pair.slice(at + 1))] as const] : [];
  });
  return Object.fromEntries(pairs);
};

/**
 * Reads a line as azure-pipelines-agent `Command.TryParse` does: a command may begin anywhere in it.
 * @returns nothing where the line is ordinary output
 */
export const parseAgentCommand = (line: string): AgentCommand | undefined => {
  const start = line.indexOf('##vso[');
  const end = start < 0 ? -1 : line.indexOf(']', start);
  if (end < 0) return undefined;
  const head = line.slice(start + '##vso['.length, end);
  const space = head.indexOf(' ');
  const name = space < 0 ? head : head.slice(0, space);
  if (name.split('.').filter((part) => part !== '').length !== 2) return undefined;
  const properties = space > 0 ? readProperties(head.slice(space + 1)) : {};
  return { name: name.toLowerCase(), properties, data: plainText(line.slice(end + 1)) };
};
