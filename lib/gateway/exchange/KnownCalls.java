package lib.gateway.exchange;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The known calls of an API, each with the place at which it names its model. Allowlists are checked against
/// them.
///
///     var calls = KnownCalls.of("v1", """
///             POST messages    BODY
///             GET  models/*    NOWHERE""");
///     calls.find("POST", List.of("v1", "messages"))   // Optional[Call[where=BODY, model=Optional.empty]]
///
/// In a path, `*` is one segment, `**` is one or more, and `{model}` is a model's name up to a colon.
public final class KnownCalls {
    /// The place at which a call names its model.
    public enum Where {
        /// The top-level JSON object.
        BODY,
        /// Each of the requests in the JSON.
        REQUESTS,
        /// A form field, or the top-level JSON object.
        FORM,
        /// The path.
        PATH,
        /// None: the call runs no model, and may upload a file.
        FILE,
        /// None: the call runs no model.
        NOWHERE,
        /// An object at the upstream that the gateway cannot see.
        HIDDEN,
        /// The call is unknown.
        UNKNOWN
    }

    /// @param model the model in the path
    public record Call(Where where, Optional<String> model) {
        public static final Call UNKNOWN = new Call(Where.UNKNOWN, Optional.empty());
    }

    private record Known(String method, Pattern path, Where where) {
        static Known of(String line) {
            var words = line.strip().split("\\s+");
            return new Known(words[0], pattern(words[1]), Where.valueOf(words[2]));
        }

        private static Pattern pattern(String path) {
            return Pattern.compile(
                    Arrays.stream(path.split("/")).map(Known::segment).collect(Collectors.joining("/")));
        }

        private static String segment(String segment) {
            if (segment.equals("*")) return ID;
            if (segment.equals("**")) return ID + "(?:/" + ID + ")*";
            return segment.startsWith("{model}")
                    ? MODEL + Pattern.quote(segment.substring("{model}".length()))
                    : Pattern.quote(segment);
        }

        boolean takes(String method) {
            return this.method.equals(method) || this.method.equals("GET") && method.equals("HEAD");
        }
    }

    private static final String ID = "[A-Za-z0-9_][A-Za-z0-9_.:@~-]*";
    private static final String MODEL = "([A-Za-z0-9][A-Za-z0-9_.@-]*)";

    private final Pattern version;
    private final List<Known> known;

    private KnownCalls(Pattern version, List<Known> known) {
        this.version = version;
        this.known = known;
    }

    /// @param version a regular expression for the optional beginning of a path
    /// @param calls one line per call with its method, its path and the place of its model
    public static KnownCalls of(String version, String calls) {
        return new KnownCalls(
                Pattern.compile(version), calls.lines().map(Known::of).toList());
    }

    /// Returns the call of a method and path, or [Call#UNKNOWN]. Paths must match exactly. Variants that a server
    /// might treat as equal, such as another case or an additional slash, are unknown.
    ///
    /// @param segments the decoded segments, including empty ones
    public Call find(String method, List<String> segments) {
        var rest = new ArrayList<>(segments);
        if (rest.size() > 1 && version.matcher(rest.getFirst()).matches()) rest.removeFirst();
        var path = String.join("/", rest);
        for (var call : known) {
            var matcher = call.path.matcher(path);
            if (call.takes(method) && matcher.matches()) return new Call(call.where, model(matcher));
        }
        return Call.UNKNOWN;
    }

    private static Optional<String> model(Matcher matcher) {
        return matcher.groupCount() == 0 ? Optional.empty() : Optional.of(matcher.group(1));
    }
}
