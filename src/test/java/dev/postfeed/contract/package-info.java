/**
 * Holds every answer of the tests against {@code openapi.yaml}, and {@code openapi.yaml} against what the tests have met.
 *
 * <p>{@link dev.postfeed.contract.ExchangeRecorder} is part of each service that runs within the tests' JVM, below
 * everything that answers; {@link dev.postfeed.contract.ContractChecker} gives what it has recorded to
 * {@link dev.postfeed.contract.Contract}, and fails the test. After all tests
 * {@link dev.postfeed.contract.ContractCoverageCheck} fails the build for what was described and never met, which is what
 * {@link dev.postfeed.contract.Coverage} says.
 */
package dev.postfeed.contract;
