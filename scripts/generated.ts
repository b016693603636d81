// Parts of documents that commands write: they stand between <!-- name --> and <!-- /name -->.

const partOf = (name: string): RegExp => new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);

/** What a document has there; throws if it has no such place. */
export function generatedPart(text: string, name: string): string {
  const [part] = partOf(name).exec(text) ?? [];
  if (part === undefined) throw new Error(`the document has no place for this: <!-- ${name} --> … <!-- /${name} -->`);
  return part;
}

/** The document with this there instead. */
export function withGenerated(text: string, name: string, content: string): string {
  generatedPart(text, name);
  return text.replace(partOf(name), (_, start, end) => `${start}${content.trimEnd()}\n${end}`);
}
