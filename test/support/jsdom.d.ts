/** What the tests use of jsdom. */
declare module 'jsdom' {
  export class VirtualConsole {
    on(event: 'jsdomError', listener: (error: Error) => void): this;
  }
  export class JSDOM {
    constructor(
      html: string,
      options?: {
        runScripts?: 'dangerously';
        pretendToBeVisual?: boolean;
        resources?: 'usable';
        virtualConsole?: VirtualConsole;
        beforeParse?(window: object): void;
      },
    );
    readonly window: JsdomWindow;
  }

  export interface JsdomElement {
    readonly tagName: string;
    textContent: string;
    hidden: boolean;
    readonly children: ArrayLike<JsdomElement>;
    readonly attributes: ArrayLike<{ readonly name: string; readonly value: string }>;
    getAttribute(name: string): string | null;
    querySelector(selector: string): JsdomElement | null;
    querySelectorAll(selector: string): Iterable<JsdomElement> & ArrayLike<JsdomElement>;
    dispatchEvent(event: object): boolean;
    click(): void;
  }

  export interface JsdomWindow {
    readonly document: JsdomElement & { readonly title: string; readonly body: JsdomElement };
    readonly Event: new (type: string, init?: object) => object;
    readonly MouseEvent: new (type: string, init?: object) => object;
    readonly WheelEvent: new (type: string, init?: object) => object;
    readonly KeyboardEvent: new (type: string, init?: object) => object;
    dispatchEvent(event: object): boolean;
    requestAnimationFrame(callback: () => void): number;
    readonly [name: string]: unknown;
    close(): void;
  }
}
