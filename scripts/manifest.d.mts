/** Types for the tests. */
export declare function publishedManifest(text: string): string;
