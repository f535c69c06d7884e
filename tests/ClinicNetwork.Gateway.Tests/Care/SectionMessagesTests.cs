using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Gateway.Care;
using ClinicNetwork.Grains;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Tests.Care;

/// <summary>The table by which a patient is told to a site that sees sections.</summary>
public sealed class SectionMessagesTests
{
    private static readonly MessageDescriptor[] Mixed =
        [Wire.GetPatientResponse.Descriptor, Wire.Patient.Descriptor, Wire.Plan.Descriptor, Wire.Course.Descriptor, Wire.PatientVoice.Descriptor];

    /// <summary>Messages that whoever sees a section may be told: they hold nothing of any.</summary>
    private static readonly string[] Plain = [.. new[] { Wire.Revision.Descriptor, Wire.Death.Descriptor, Wire.SiteGrant.Descriptor, Wire.SectionGrant.Descriptor, Wire.EmergencyAccess.Descriptor }.Select(d => d.FullName), "google.protobuf.Timestamp"];

    [Fact]
    public void Every_field_is_of_a_section_or_of_none_by_decision() =>
        Assert.Equal(
            Mixed.SelectMany(m => m.Fields.InDeclarationOrder()).Select(f => f.FullName).Order(StringComparer.Ordinal), SectionMessages.OfField.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void What_is_told_with_any_section_holds_no_message_that_was_not_looked_into() =>
        Assert.All(
            Mixed.SelectMany(m => m.Fields.InDeclarationOrder()).Where(f => f.FieldType == FieldType.Message && SectionMessages.OfField[f.FullName] == PlanSections.None),
            f => Assert.True(Mixed.Contains(f.MessageType) || Plain.Contains(f.MessageType.FullName), f.FullName));

    [Theory]
    [InlineData(PlanSections.Goals)]
    [InlineData(PlanSections.Medication)]
    [InlineData(PlanSections.Scales | PlanSections.Sessions)]
    [InlineData(PlanSections.None)]
    public void Whatever_is_filled_in_of_other_sections_is_taken_out(PlanSections readable)
    {
        var response = new Wire.GetPatientResponse();
        Fill(response, 4);

        SectionMessages.Told(response, readable);

        var left = new List<string>();
        Collect(response, left);
        Assert.All(left, field => Assert.True(readable.HasFlag(SectionMessages.OfField[field]), field));
        Assert.Equal(
            SectionMessages.OfField.Where(f => readable.HasFlag(f.Value)).Select(f => f.Key).Order(StringComparer.Ordinal),
            left.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_plan_of_which_some_is_seen_says_what_and_whether_it_may_be_changed()
    {
        var reading = new Reading<string>("", 1, true, null) { Readable = PlanSections.Goals | PlanSections.Scales, Writable = PlanSections.Scales };
        var told = SectionMessages.Told(new Wire.Plan { Protocol = "protocols/p", Etag = "e" }, reading);
        Assert.Equal(("", "e"), (told.Protocol, told.Etag));
        Assert.Equal([(Wire.PlanSection.Goals, Wire.SiteAccess.Read), (Wire.PlanSection.Scales, Wire.SiteAccess.Write)], told.Sections.Select(s => (s.Section, s.Access)));
        Assert.Empty(SectionMessages.Told(new Wire.Plan(), reading with { Readable = PlanSections.All }).Sections);
    }

    private static void Collect(IMessage message, List<string> found)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            var value = field.Accessor.GetValue(message);
            IMessage[] inner = value is IMessage one ? [one] : value is System.Collections.IList list ? [.. list.OfType<IMessage>()] : [];
            if (value is System.Collections.IList { Count: > 0 } || value is IMessage || (!field.IsRepeated && value is not null && !value.Equals(field.FieldType == FieldType.String ? "" : Activator.CreateInstance(value.GetType()))))
            {
                found.Add(field.FullName);
            }

            foreach (var next in inner.Where(m => Mixed.Contains(m.Descriptor)))
            {
                Collect(next, found);
            }
        }
    }

    private static void Fill(IMessage message, int depth)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.FieldType == FieldType.Message && depth == 0)
            {
                continue;
            }

            object value = field.FieldType switch
            {
                FieldType.String => "x",
                FieldType.Bool => true,
                FieldType.Int32 => 1,
                FieldType.Int64 => 1L,
                FieldType.Double => 1.0,
                FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, 1),
                FieldType.Bytes => ByteString.CopyFromUtf8("x"),
                FieldType.Message => Filled(field.MessageType, depth - 1),
                _ => throw new NotSupportedException(field.FullName),
            };
            if (field.IsRepeated)
            {
                ((System.Collections.IList)field.Accessor.GetValue(message)).Add(value);
            }
            else
            {
                field.Accessor.SetValue(message, value);
            }
        }
    }

    private static IMessage Filled(MessageDescriptor type, int depth)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        Fill(message, depth);
        return message;
    }
}
