import { expect } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';

export interface VisitorOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  readonly language?: 'en' | 'ko';
  /** Whether things move: drawing each frame takes a good part of a test's time. */
  readonly moves?: boolean;
}

/** A visitor with a browser context of their own, which records console errors and requests to other origins. */
export class Visitor {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #home: string;
  readonly #errors: string[] = [];
  readonly #expected: RegExp[] = [];
  readonly #foreignRequests: string[] = [];

  private constructor(context: BrowserContext, page: Page, home: string) {
    this.#context = context;
    this.page = page;
    this.#home = home;
    page.setDefaultTimeout(20_000);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.#errors.push(message.text());
    });
    page.on('pageerror', (error) => this.#errors.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(home)) this.#foreignRequests.push(request.url());
    });
  }

  static async arrive(browser: Browser, home: string, options: VisitorOptions = {}): Promise<Visitor> {
    const { width = 1_280, height = 900, theme = 'light', language = 'en', moves = false } = options;
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      reducedMotion: moves ? 'no-preference' : 'reduce',
      locale: language === 'ko' ? 'ko-KR' : 'en-GB',
    });
    return new Visitor(context, await context.newPage(), home);
  }

  /** Opens a view by the part of its URL after `#/`. */
  async open(view = ''): Promise<void> {
    await this.page.goto(`${this.#home}/#/${view}`);
    await this.page.locator('h1').waitFor();
  }

  /** Forgets errors that the test provokes, such as those of a killed server. */
  ignoreErrors(expected: RegExp): void {
    const unexpected = this.#errors.filter((text) => !expected.test(text));
    this.#errors.splice(0, Infinity, ...unexpected);
  }

  /** The same for errors that are still to come. */
  ignoreLater(expected: RegExp): void {
    this.#expected.push(expected);
  }

  /** Closes the context, and fails on any console error or request to another origin. */
  async leave(): Promise<void> {
    await this.#context.close();
    this.#expected.forEach((errors) => this.ignoreErrors(errors));
    expect(this.#errors).toEqual([]);
    expect(this.#foreignRequests).toEqual([]);
  }

  /** By how many pixels the page is wider than the window. */
  async overflow(): Promise<number> {
    return this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
  }
}
