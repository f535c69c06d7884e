using System.Collections.Immutable;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Journal.Tests;

[Alias("test-noted")]
public sealed record Noted(string Text, ImmutableArray<int> Items) : IEvent;

[Alias("test-moved")]
public sealed record Moved(ClinicId From, ClinicId? To, DateOnly Day, DateTimeOffset At, decimal Dose, TestColour Colour, IReadOnlyList<Noted> Notes) : IEvent
{
    /// <summary>Computed: must not be stored.</summary>
    public int NoteCount => Notes.Count;
}

[Alias("test-shaped")]
public sealed record Shaped(Shape Shape, Shape? Other) : IEvent;

public abstract record Shape;

[Alias("test-circle")]
public sealed record Circle(double Radius) : Shape;

[Alias("test-square")]
public sealed record Square(double Side) : Shape;

public enum TestColour
{
    Red,
    Green,
}

[Alias("test-receipt")]
public sealed record Receipt(string Text);

/// <summary>Has no alias on purpose.</summary>
public sealed record Nameless(string Text) : IEvent;
