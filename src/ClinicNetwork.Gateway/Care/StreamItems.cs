using ClinicNetwork.Domain;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Google.Rpc;

namespace ClinicNetwork.Gateway.Care;

/// <summary>An item of a stream of commands.</summary>
internal interface IStreamItem
{
    string RequestId { get; }

    string Patient { get; }
}

/// <summary>The result of an item.</summary>
internal interface IStreamResult
{
    long Item { set; }

    string RequestId { set; }
}

/// <summary>What items of all streams have in common: each is the unary command whose message it holds, with id and patient left to the item.</summary>
internal static class StreamItems
{
    /// <summary>Fills in id and patient, checks the role for the unary rpc, and gives the origin that the unary call has, so that the same id with the same content is the same request on either way.</summary>
    /// <param name="name">Of the message's field in the item.</param>
    /// <param name="service">The unary rpc's, with a slash on both ends.</param>
    public static CommandOrigin OriginOf(IMessage command, string name, string service, IStreamItem item, Acting acting)
    {
        FillIn(command, name, item);
        var method = service + command.Descriptor.Name[..^"Request".Length];
        Access.CheckRole(acting.Caller, method);
        return Origins.Of(command, item.RequestId, method, acting);
    }

    public static void FillIn(IMessage command, string name, IStreamItem item)
    {
        FillIn(command, name, "request_id", item.RequestId);
        FillIn(command, name, "patient", item.Patient);
    }

    /// <summary>The unary status, flat.</summary>
    /// <param name="fieldOf">From the unary rpc's field to the item's.</param>
    public static FactRefused Refused(Status status, Func<string, string> fieldOf) => new()
    {
        Code = status.Code,
        Reason = status.GetDetail<ErrorInfo>()?.Reason ?? "",
        Field = fieldOf(status.GetDetail<BadRequest>()?.FieldViolations[0].Field ?? status.GetDetail<PreconditionFailure>()?.Violations[0].Subject ?? ""),
        Message = status.Message,
        RetryDelay = status.GetDetail<RetryInfo>()?.RetryDelay,
    };

    /// <summary>A field of the message <paramref name="name"/> is told from the item on.</summary>
    public static string FromTheItemOn(string name, string field) =>
        field is "" or "request_id" or "patient" || field == name || field.StartsWith(name + ".", StringComparison.Ordinal) ? field : $"{name}.{field}";

    private static void FillIn(IMessage command, string name, string field, string value)
    {
        var own = command.Descriptor.FindFieldByName(field).Accessor;
        if ((string)own.GetValue(command) is { Length: > 0 } given && given != value)
        {
            throw Fields.Invalid("ITEM_MISMATCH", $"{name}.{field}", $"Leave request_id and patient of {name} empty, or the same as the item's.");
        }

        own.SetValue(command, value);
    }
}
