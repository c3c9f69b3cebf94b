/** What `/metrics` tells, in Prometheus' text form: requests by verb and code, and what lasts. Names as kube-apiserver's. */

export class Metrics {
  private readonly requests = new Map<string, number>();

  /** Notes an answer. */
  answered(verb: string, resource: string, code: number): void {
    const labels = `code="${code}",resource="${resource}",verb="${verb.toUpperCase()}"`;
    this.requests.set(labels, (this.requests.get(labels) ?? 0) + 1);
  }

  /** `watches` that are open now. */
  text(watches: number): string {
    const total = 'apiserver_request_total';
    const long = 'apiserver_longrunning_requests';
    return [
      `# HELP ${total} Requests that were answered, by verb, kind and HTTP code.`,
      `# TYPE ${total} counter`,
      ...[...this.requests].sort().map(([labels, count]) => `${total}{${labels}} ${count}`),
      `# HELP ${long} Watches that are open.`,
      `# TYPE ${long} gauge`,
      `${long}{verb="WATCH"} ${watches}`,
      '',
    ].join('\n');
  }
}
