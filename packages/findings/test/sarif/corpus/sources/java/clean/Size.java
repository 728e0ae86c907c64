package shop;

/** Sizes of an order. */
public enum Size {
  /** A small one. */
  SMALL
}
