/** `text` with everything that could be a private key blotted out: people do paste one where a file's name belongs. */
export function redacted(text: string): string {
  return text.replace(/(?:0x)?[0-9a-f]{64}/gi, '[64 hexadecimal digits]');
}
