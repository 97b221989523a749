package lib.gateway.management.definition;

import java.util.List;
import java.util.stream.Collectors;

/// Signals that the definition of a resource is invalid, with all of its errors at once.
///
///     throw new InvalidDefinition(List.of(new Violation("name", "is required")));
public final class InvalidDefinition extends RuntimeException {
    private final List<Violation> violations;

    public InvalidDefinition(List<Violation> violations) {
        super(violations.stream().map(Violation::toString).collect(Collectors.joining("; ")), null, false, false);
        this.violations = List.copyOf(violations);
    }

    public List<Violation> violations() {
        return violations;
    }
}
