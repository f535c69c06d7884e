using System.CommandLine;
using System.CommandLine.Parsing;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Cli.Input;

/// <summary>Options and arguments whose refusal is one line: the field, and what to give.</summary>
internal static class Given
{
    internal static Argument<string> Patient() =>
        Argument("patient", "patients/{patient}; {patient} is 1 to 40 of a-z, 0-9 and inner dashes", Parse.Patient);

    internal static Argument<string> Clinic() =>
        Argument("clinic", "clinics/{clinic}; {clinic} is 1 to 40 of a-z, 0-9 and inner dashes", Parse.Clinic);

    internal static Argument<string> Approval() =>
        Argument("approval", "approvals/{approval}; {approval} is 1 to 40 of a-z, 0-9 and inner dashes", Parse.Approval);

    internal static Argument<string> Submission() => Argument("submission", "partners/{partner}/submissions/{submission}, as push and list print it", Parse.Submission);

    internal static Argument<string> Partner() =>
        Argument("partner", "partners/{partner}; {partner} is 1 to 40 of a-z, 0-9 and inner dashes", Parse.Partner);

    internal static Argument<string> Agreement() =>
        Argument("agreement", "partners/{partner}/agreements/{agreement}, or {partner}/{agreement} for short", Parse.Agreement);

    internal static Option<string?> Partner(string name, string description) => Option(name, description, "PARTNER", Parse.Partner)!;

    internal static Argument<string> Id(string name) => Argument(name, "1 to 40 of a-z, 0-9 and inner dashes", Parse.Id);

    internal static Option<string> Clinic(string name, string description) =>
        Required(Option(name, description, "CLINIC", Parse.Clinic));

    internal static Option<BloodPressure> Pressure(string description) => Required(Option("--bp", description, "SYS/DIA", Parse.Pressure));

    internal static Option<Timestamp?> Instant(string name, string description) => Option(name, description, "ISO", Parse.Instant)!;

    internal static Option<int> Whole(string name, string description, int low, int high, int byDefault) =>
        Value(name, $"{description}, {low} to {high}", "N", text => Parse.Whole(text, low, high), byDefault);

    internal static Option<int> TransferNumber() => Required(Whole("--number", "Of the offer, as list prints it", 1, 100, 1));

    internal static Option<double> Number(string name, string description, double low, double high) =>
        Value(name, FormattableString.Invariant($"{description}, {low} to {high}"), "N", text => Parse.Number(text, low, high), 0);

    /// <summary>Text of 1 to <paramref name="max"/> characters.</summary>
    internal static Option<string?> Text(string name, string description, int max) =>
        Option(name, $"{description}, 1 to {max} characters", "TEXT", text => text.Length >= 1 && text.Length <= max ? text : null)!;

    internal static Option<T> OneOf<T>(string name, string description)
        where T : struct, System.Enum =>
        Required(MayBeOneOf<T>(name, description));

    /// <summary>The zero value when it is not given.</summary>
    internal static Option<T> MayBeOneOf<T>(string name, string description)
        where T : struct, System.Enum =>
        Value(name, $"{description}: {string.Join(", ", Choice<T>.Names)}", "KIND", Choice<T>.Find, default(T));

    /// <summary>A file that exists.</summary>
    internal static Option<string?> File(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "FILE",
        CustomParser = result =>
        {
            var path = result.Tokens[^1].Value;
            if (System.IO.File.Exists(path))
                return path;
            result.AddError($"{name}: there is no file {path}; give one that is there");
            return null;
        },
    };

    /// <summary>Names of columns, by comma.</summary>
    internal static Option<IReadOnlyList<string>?> Names(string name, string description) => Option<IReadOnlyList<string>>(
        name, $"{description}; column names, by comma", "NAMES", text => text.Split(',') is var names && names.All(n => n.Length > 0) ? names : null)!;

    /// <summary>One ASCII character between values; <c>\t</c> is a tab.</summary>
    internal static Option<string?> Delimiter(string byDefault) => Option(
        "--delimiter", $"One character between values, default {byDefault}; \\t is a tab", "CHAR",
        text => text == "\\t" ? "\t" : text.Length == 1 && char.IsAscii(text[0]) && text[0] is not ('"' or '\r' or '\n' or '\0') ? text : null)!;

    internal static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    internal static Option<bool> Json() => Flag("--json", "Print JSON, for programs");

    internal static Option<T> Required<T>(Option<T> option)
    {
        option.Required = true;
        option.DefaultValueFactory = null;
        return option;
    }

    /// <summary>Null when it is not given.</summary>
    internal static Option<T> Option<T>(string name, string description, string helpName, Func<string, T?> parse)
        where T : class =>
        new(name) { Description = description, HelpName = helpName, CustomParser = result => One(result, name, description, parse) };

    /// <summary>May be given more than once.</summary>
    internal static Option<T[]> Many<T>(string name, string description, string helpName, Func<string, T?> parse)
        where T : class =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            Arity = ArgumentArity.ZeroOrMore,
            DefaultValueFactory = _ => [],
            CustomParser = result => [.. result.Tokens.Select(token => Read(result, token.Value, name, description, parse)).OfType<T>()],
        };

    /// <summary>May be given more than once.</summary>
    internal static Option<T[]> ManyOf<T>(string name, string description)
        where T : struct, System.Enum =>
        new(name)
        {
            Description = $"{description}: {string.Join(", ", Choice<T>.Names)}",
            HelpName = "KIND",
            Arity = ArgumentArity.ZeroOrMore,
            DefaultValueFactory = _ => [],
            CustomParser = result =>
            {
                var values = result.Tokens.Select(token => Choice<T>.Find(token.Value)).ToArray();
                if (values.Any(value => value is null))
                    result.AddError($"{name}: give {string.Join(", ", Choice<T>.Names)}");
                return [.. values.OfType<T>()];
            },
        };

    internal static Argument<T> Argument<T>(string name, string description, Func<string, T?> parse)
        where T : class =>
        new(name) { Description = description, CustomParser = result => One(result, name, description, parse) };

    private static Option<T> Value<T>(string name, string description, string helpName, Func<string, T?> parse, T byDefault)
        where T : struct =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            DefaultValueFactory = _ => byDefault,
            CustomParser = result =>
            {
                if (parse(result.Tokens[^1].Value) is { } value)
                    return value;
                result.AddError($"{name}: {description}");
                return byDefault;
            },
        };

    private static T? One<T>(ArgumentResult result, string name, string description, Func<string, T?> parse)
        where T : class =>
        Read(result, result.Tokens[^1].Value, name, description, parse);

    private static T? Read<T>(ArgumentResult result, string text, string name, string description, Func<string, T?> parse)
        where T : class
    {
        var value = parse(text);
        if (value is null)
            result.AddError($"{name}: give {description}");
        return value;
    }
}
