import { expect } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';

export interface VisitorOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  readonly language?: 'en' | 'ko';
}

/** Somebody with a browser of their own, who notices every complaint in the console and every request elsewhere. */
export class Visitor {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #home: string;
  readonly #complaints: string[] = [];
  readonly #strangers: string[] = [];

  private constructor(context: BrowserContext, page: Page, home: string) {
    this.#context = context;
    this.page = page;
    this.#home = home;
    page.setDefaultTimeout(20_000);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.#complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.#complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(home)) this.#strangers.push(request.url());
    });
  }

  static async arrive(browser: Browser, home: string, options: VisitorOptions = {}): Promise<Visitor> {
    const { width = 1_280, height = 900, theme = 'light', language = 'en' } = options;
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      locale: language === 'ko' ? 'ko-KR' : 'en-GB',
    });
    return new Visitor(context, await context.newPage(), home);
  }

  /** Opens a view by its address: what stands after `#/`. */
  async open(view = ''): Promise<void> {
    await this.page.goto(`${this.#home}/#/${view}`);
    await this.page.locator('h1').waitFor();
  }

  /** Complaints that have to be expected, such as of a server that was killed on purpose, are forgiven. */
  forgive(expected: RegExp): void {
    const kept = this.#complaints.filter((text) => !expected.test(text));
    this.#complaints.splice(0, Infinity, ...kept);
  }

  /** Leaves, content: nothing complained, and nobody else was asked for anything. */
  async leave(): Promise<void> {
    await this.#context.close();
    expect(this.#complaints).toEqual([]);
    expect(this.#strangers).toEqual([]);
  }

  /** Whether something is wider than the window. */
  async overflow(): Promise<number> {
    return this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
  }
}
