/** `import text from './page/x.ts?page'`: what the build makes of a script or a style for a page, as one string. */
declare module '*?page' {
  const text: string;
  export default text;
  /** Its SHA-256 in base64, as a content security policy names it. */
  export const sha256: string;
}
