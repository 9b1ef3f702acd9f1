import type { Dataset } from '../datasets/define-dataset.ts'
import type { Delivery, WriteOptions, WrittenDelivery } from '../landing/delivery.ts'

/** Which delivery is asked for. */
export interface DeliveryRequest {
  readonly dataset: Dataset
  /** Logical date, YYYY-MM-DD. */
  readonly date: string
  readonly signal: AbortSignal
}

/** A source that deliveries are read from; one adapter an app. */
export interface Source<Kind extends Delivery> {
  /**
   * Opens the delivery of a day, hands it to `use` and closes it when `use` has ended: a database keeps one snapshot open
   * meanwhile. Throws NotDeliveredError when the day is not there yet, and PlatformErrors for everything else.
   */
  withDelivery<Result>(request: DeliveryRequest, use: (delivery: Kind) => Promise<Result>): Promise<Result>
  /** Proves credentials, reachability and the contract of a delivery without moving its rows. */
  check(request: DeliveryRequest): Promise<void>
  /** Turns a delivery into Parquet: `writeCsvDelivery` or `writeRecordDelivery`. */
  write(delivery: Kind, options: WriteOptions): Promise<WrittenDelivery>
  close(): Promise<void>
}
