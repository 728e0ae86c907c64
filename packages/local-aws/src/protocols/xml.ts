/** An element whose content is XML. */
export const renderElement = (name: string, content: string, xmlns?: string): string =>
  `<${name}${xmlns === undefined ? '' : ` xmlns="${xmlns}"`}>${content}</${name}>`;

/** An element with text, which is escaped. */
export const renderTextElement = (name: string, text: string): string =>
  renderElement(
    name,
    text.replace(/[&<>"\r]/g, (character) => `&#${character.charCodeAt(0)};`),
  );

/** The content of the root element. */
export const extractContent = (xml: string): string => /^<[^>]*>(.*)<\/[^>]*>$/s.exec(xml)?.[1] ?? '';
