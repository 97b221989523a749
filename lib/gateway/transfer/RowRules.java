package lib.gateway.transfer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.JWKSet;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import lib.api.ResourceKind;
import lib.base.Secret;
import lib.base.UserError;
import lib.database.MovedTable;
import lib.gateway.access.Caller.Role;
import lib.gateway.management.definition.Definitions;
import lib.gateway.management.definition.InvalidDefinition;
import lib.gateway.secret.SecretName;
import lib.gateway.state.Account;
import lib.gateway.state.StateTransfer;
import lib.gateway.state.StateTransfer.Row;
import lib.gateway.state.StoredAccounts;
import lib.gateway.state.StoredSecrets;
import lib.usage.budget.Budget;
import lib.usage.budget.BudgetTarget;
import lib.usage.budget.Period;
import lib.usage.budget.Unpriced;

/// What must hold of a row that is exported or imported: the same as for what the management API and the commands
/// store.
///
///     new RowRules(key).checked(row)   // the row, or an InvalidRow
final class RowRules {
    private static final ObjectMapper DEFINITIONS = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(20)
                    .maxStringLength(1 << 16)
                    .maxNumberLength(40)
                    .build())
            .build());
    private static final String ID = "[0-9A-Za-z-]{1,64}";
    private static final String BUDGET_NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";
    private static final int SESSION_KEY_BYTES = 32;
    private static final int LONGEST_TEXT = 4_000;
    private static final Set<String> KEYS = Set.of("id", "series", "detail");
    /// Keys go on from here, and must not run out.
    private static final long LARGEST_KEY = 1L << 53;

    private final StateTransfer.Sealer sealer;

    /// A row that cannot be.
    static final class InvalidRow extends Exception {
        private final String what;

        /// @param what the row as messages call it
        /// @param why what is wrong with it, without its values
        InvalidRow(String what, String why) {
            super(why);
            this.what = what;
        }

        String what() {
            return what;
        }
    }

    /// @param sealer for the values that are encrypted
    RowRules(StateTransfer.Sealer sealer) {
        this.sealer = sealer;
    }

    /// Returns the row as it is stored: without the fields of a definition that only the gateway sets.
    Row checked(Row row) throws InvalidRow {
        var values = row.values();
        var table = row.table();
        checkPlain(table, values);
        switch (table.name()) {
            case "provider" -> {
                return new Row(table, definition(values, ResourceKind.LLM));
            }
            case "mcp_server" -> {
                return new Row(table, definition(values, ResourceKind.MCP));
            }
            case "secret" -> checkSecret(values);
            case "account" -> checkAccount(values);
            case "signin" -> checkSignIn(values);
            case "key" -> checkKey(values);
            case "budget" -> checkBudget(values);
            case "budget_name" -> {
                var name = (String) values.getFirst();
                require(name.matches(BUDGET_NAME), "name of a budget", "it is no name");
                target(values.get(1), values.get(2), "name of a budget");
            }
            default -> {
                // What holds of all usage was checked.
            }
        }
        return row;
    }

    /// Checks what every table needs: texts that both databases can store, and counts that are counts.
    private static void checkPlain(MovedTable table, List<Object> values) throws InvalidRow {
        for (int i = 0; i < values.size(); i++) {
            var column = table.columns().get(i).name();
            var fault = fault(column, values.get(i));
            if (!fault.isEmpty()) throw new InvalidRow("row of " + table.name(), column + fault);
        }
    }

    /// Returns what is wrong with a value; empty if nothing is. It is called for every value of every call.
    private static String fault(String column, Object value) {
        return switch (value) {
            case String text when !isStorable(text) -> " holds an invalid character";
            case String text when text.length() > LONGEST_TEXT && !column.equals("definition") -> " is too long";
            case Long number when number < 0 -> " is negative";
            case Long number when number > LARGEST_KEY && KEYS.contains(column) -> " is too large";
            // Bytes are encrypted, and checked when they are decrypted.
            case null, default -> "";
        };
    }

    /// PostgreSQL has no NUL, and no UTF-8 has half a pair.
    private static boolean isStorable(String text) {
        int i = 0;
        while (i < text.length()) {
            var at = text.charAt(i++);
            if (at == 0) return false;
            if (!Character.isSurrogate(at)) continue;
            if (i == text.length() || !Character.isSurrogatePair(at, text.charAt(i++))) return false;
        }
        return true;
    }

    private static List<Object> definition(List<Object> values, ResourceKind kind) throws InvalidRow {
        var name = (String) values.getFirst();
        var what = kind.named(name);
        time(values.get(2), what);
        time(values.get(3), what);
        try {
            if (!(DEFINITIONS.readTree((String) values.get(1)) instanceof ObjectNode given))
                throw new InvalidRow(what, "its definition is not an object");
            require(name.equals(given.path("name").asText()), what, "its definition has another name");
            var read = Definitions.of(kind).fromFile(given);
            if (read.equals(given)) return values;
            var without = new ArrayList<>(values);
            without.set(1, read.toString());
            return without;
        } catch (JsonProcessingException e) {
            throw new InvalidRow(what, "its definition is not JSON");
        } catch (InvalidDefinition e) {
            throw new InvalidRow(what, e.getMessage());
        }
    }

    private void checkSecret(List<Object> values) throws InvalidRow {
        var name = (String) values.getFirst();
        // What is no name may be a value in the wrong place.
        require(SecretName.isOne(name), "secret", "its name is no name of a secret");
        var clear = opened(StateTransfer.secretName(name), (byte[]) values.get(1));
        var value = new Secret(new String(clear, StandardCharsets.UTF_8));
        require(StoredSecrets.isValid(value), "secret " + name, "its value is no value of a secret");
        time(values.get(2), "secret " + name);
    }

    private static void checkAccount(List<Object> values) throws InvalidRow {
        var name = (String) values.get(2);
        require(name.matches(StoredAccounts.NAME), "account", "its name is no name of an account");
        var what = "account \"%s\"".formatted(name);
        require(((String) values.getFirst()).matches(ID), what, "its id is invalid");
        require(isWord(Account.Kind.values(), values.get(1)), what, "its kind is unknown");
        require(isWord(Role.values(), values.get(3)), what, "its role is unknown");
        require(((String) values.get(4)).matches(StoredAccounts.HASH), what, "its secret is no hash");
        time(values.get(5), what);
    }

    private static void checkSignIn(List<Object> values) throws InvalidRow {
        var what = "sign-in";
        require(((String) values.get(0)).matches(ID), what, "its id is invalid");
        require(((String) values.get(1)).matches(ID), what, "its account is invalid");
        require(((String) values.get(3)).matches(StoredAccounts.HASH), what, "its family is no hash");
        require(((String) values.get(4)).matches(StoredAccounts.HASH), what, "its token is no hash");
        require((Long) values.get(5) <= 1, what, "whether it has ended is unknown");
        time(values.get(6), what);
    }

    private void checkKey(List<Object> values) throws InvalidRow {
        var name = (String) values.getFirst();
        var isKnown = name.equals(StateTransfer.SIGNING_KEYS) || name.equals(StateTransfer.SESSION_KEY);
        require(isKnown, "key", "this version does not know it");
        var clear = opened(StateTransfer.keyName(name), (byte[]) values.get(1));
        if (name.equals(StateTransfer.SESSION_KEY)) {
            require(clear.length == SESSION_KEY_BYTES, name, "it has another length");
            return;
        }
        try {
            var keys = JWKSet.parse(new String(clear, StandardCharsets.UTF_8));
            require(keys.getKeys().stream().allMatch(key -> key.isPrivate()), name, "they cannot sign");
        } catch (ParseException e) {
            throw new InvalidRow(name, "they are no set of keys");
        }
    }

    private byte[] opened(String what, byte[] sealed) throws InvalidRow {
        try {
            return sealer.open(what, sealed);
        } catch (UserError e) {
            throw new InvalidRow(what, "it cannot be decrypted");
        }
    }

    private static void checkBudget(List<Object> values) throws InvalidRow {
        var what = "budget";
        var target = target(values.get(0), values.get(1), what);
        var period = Period.of((String) values.get(1)).orElseThrow();
        var unpriced = Unpriced.of((String) values.get(4));
        require(unpriced.isPresent(), what, "what it does about unpriced calls is unknown");
        try {
            var _ = new Budget(
                    target, period, (Long) values.get(2), Math.toIntExact((Long) values.get(3)), unpriced.get());
        } catch (UserError e) {
            throw new InvalidRow(what, e.getMessage());
        }
    }

    private static BudgetTarget target(Object target, Object period, String what) throws InvalidRow {
        require(Period.of((String) period).isPresent(), what, "its period is unknown");
        return BudgetTarget.find((String) target).orElseThrow(() -> new InvalidRow(what, "its target is unknown"));
    }

    private static boolean isWord(Enum<?>[] constants, Object word) {
        return Arrays.stream(constants)
                .anyMatch(constant -> constant.name().toLowerCase(Locale.ROOT).equals(word));
    }

    private static void time(Object text, String what) throws InvalidRow {
        try {
            var _ = Instant.parse((String) text);
        } catch (DateTimeException e) {
            throw new InvalidRow(what, "its time is invalid");
        }
    }

    private static void require(boolean condition, String what, String why) throws InvalidRow {
        if (!condition) throw new InvalidRow(what, why);
    }
}
