/** How far the groups of broker triggers have come, for brokers that forget it. Gone with their trigger. */
export interface BrokerPlaceStore {
  /** Empty where nothing is known. */
  read(group: GroupOfTrigger): Promise<Places>;
  /** Places that are not among them stay; of a trigger that is gone nothing is written. */
  write(group: GroupOfTrigger, places: Places): Promise<void>;
}

export interface GroupOfTrigger {
  readonly projectId: string;
  readonly triggerId: string;
  readonly group: string;
}

/** Of each place, such as the partition of a topic, the position of the next message. */
export type Places = Readonly<Record<string, number>>;
