package lib.usage.store;

import java.util.OptionalLong;

/// What of the usage is not in the store.
///
///     service.backlog().lostCalls()   // 0 while all is well
///
/// @param journalBytes the size of the journal; empty if there is none
/// @param lostCalls the number of calls so far whose usage is lost, since neither the journal nor memory had room
public record UsageBacklog(OptionalLong journalBytes, long lostCalls) {}
