// All jobs of one partition that a worker has, for the heartbeat. A set would cost each job a hash and two look-ups; here
// those that are over stay in the list until they are the most of it.
import type { Job } from './job.ts'

const FEW = 1000

export class InHand {
  #jobs: Job[] = []
  #over = 0

  add(job: Job): void {
    this.#jobs.push(job)
  }

  /** The job is over: it is no longer among those listed. */
  drop(job: Job): void {
    job.over = true
    if (++this.#over > FEW && this.#over > this.#jobs.length / 2) this.#sweep()
  }

  list(): Job[] {
    this.#sweep()
    return [...this.#jobs]
  }

  #sweep(): void {
    this.#jobs = this.#jobs.filter((job) => !job.over)
    this.#over = 0
  }
}
