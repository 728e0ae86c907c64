/** An element with text that is XML already. */
export const renderElement = (name: string, content: string, xmlns?: string): string =>
  `<${name}${xmlns === undefined ? '' : ` xmlns="${xmlns}"`}>${content}</${name}>`;

/** An element with text that is none. */
export const renderTextElement = (name: string, text: string): string =>
  renderElement(
    name,
    text.replace(/[&<>"\r]/g, (character) => `&#${character.charCodeAt(0)};`),
  );

/** What is inside the root of a document. */
export const extractContent = (xml: string): string => /^<[^>]*>(.*)<\/[^>]*>$/s.exec(xml)?.[1] ?? '';
