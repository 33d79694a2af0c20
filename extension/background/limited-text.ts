/**
 * The body of an answer, while it is no longer than `most` characters: a server may go on for ever, or send more than
 * memory holds.
 *
 * @returns null when it is longer. @throws what the connection fails with, a `timeout` of its request included.
 */
export async function limitedText({ body }: Response, most: number): Promise<string | null> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > most) return null; // Leaving the loop cancels the rest.
  }
  return text + decoder.decode();
}
