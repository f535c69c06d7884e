using System.Collections.Concurrent;
using System.Reflection;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Grains.Approvals;
using ClinicNetwork.Grains.Partners;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Grains.Submissions;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Grains.Identity;

/// <summary>Roles of which a caller of this method must have one, as the gateway's table says for the rpc that calls it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ForRolesAttribute(Roles roles) : Attribute
{
    public Roles Roles => roles;
}

/// <summary>What this method tells is the clinic's own: a caller for another site gets nothing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OfOwnSiteAttribute : Attribute;

/// <summary>
/// Before every call of our grains: who calls is sealed by the network's key, has a role that the method is for, and is who the command says. A call that
/// went past the gateway ends here.
/// </summary>
public sealed class CallerFilter(CallerSeal seal, ILogger<CallerFilter> log) : IIncomingGrainCallFilter
{
    private static readonly ConcurrentDictionary<MethodInfo, (Roles Roles, bool OfOwnSite)> Rules = new();

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod is { } method && method.DeclaringType?.Assembly == typeof(CallerFilter).Assembly && ProblemOf(context, method) is { } problem)
        {
            log.LogWarning("A call of {Method} was refused: {Problem}", method.Name, problem);
            throw new UnauthorizedAccessException($"A call of {method.Name} was refused: {problem}.");
        }

        return context.Invoke();
    }

    /// <summary>Null: it may.</summary>
    private string? ProblemOf(IIncomingGrainCallContext context, MethodInfo method)
    {
        if (seal.Current is not { } caller)
        {
            return "it names no caller of this network";
        }

        var rule = Rules.GetOrAdd(method, one => (one.GetCustomAttribute<ForRolesAttribute>()?.Roles ?? Roles.None, one.IsDefined(typeof(OfOwnSiteAttribute))));
        // The patient's role is worth nothing to who is no patient.
        var roles = caller.Patient.Length > 0 ? caller.Roles & Roles.Patient : caller.Roles & ~Roles.Patient;
        // Of partners a registry knows itself alone; one that is none knows nobody.
        if (caller.Partner.Length > 0)
        {
            roles &= Roles.Registry;
        }
        else if (method.DeclaringType == typeof(IPartnerGrain) || method.DeclaringType == typeof(ISubmissionGrain))
        {
            roles &= ~Roles.Registry;
        }

        if (rule.Roles == Roles.None || (roles & (rule.Roles | Roles.System)) == Roles.None)
        {
            return "its caller has no role for it";
        }

        if (caller.Patient.Length > 0 && method.DeclaringType == typeof(IPatientGrain) && context.TargetId.Key.ToString() != Streams.Of(new PatientId(caller.Patient)))
        {
            return "its caller is another patient";
        }

        if (caller.Partner.Length > 0 && method.DeclaringType == typeof(ISubmissionGrain) && Streams.SubmissionOf(context.TargetId.Key.ToString()!).Partner != caller.Partner)
        {
            return "its caller is another partner";
        }

        if (caller.Partner.Length > 0 && method.DeclaringType == typeof(IPartnerGrain) && context.TargetId.Key.ToString() != Streams.Of(new PartnerId(caller.Partner)))
        {
            return "its caller is another partner";
        }

        if (rule.OfOwnSite && caller.Site.Length > 0 && context.TargetId.Key.ToString() != Streams.Of(new ClinicId(caller.Site)))
        {
            return "its caller acts for another site";
        }

        for (var i = 0; i < context.Request.GetArgumentCount() && caller.Roles != Roles.System; i++)
        {
            if (!IsOf(caller, context.Request.GetArgument(i), method))
            {
                return "it says that somebody else acts";
            }
        }

        return null;
    }

    /// <summary>What a clinic is is no secret of its site, and patients' grains ask for it: only a patient, or an approval, is read for the site that acts.</summary>
    private static bool IsOf(SealedCaller caller, object? argument, MethodInfo method) => argument switch
    {
        CommandOrigin origin => origin.Actor == caller.Name && (origin.Site?.Value ?? "") == caller.Site,
        ReadRequest read when method.DeclaringType == typeof(IPatientGrain) || method.DeclaringType == typeof(IApprovalGrain) => (read.Site?.Value ?? "") == caller.Site,
        _ => true,
    };
}
