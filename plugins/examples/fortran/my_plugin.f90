! SPDX-License-Identifier: MIT
! A simulator in Fortran: the structs of espalier/abi.h as far as they are used, then the component.
module espalier_border
  use, intrinsic :: iso_c_binding
  implicit none

  integer(c_int32_t), parameter :: ok = 0, no_memory = 4
  integer(c_int32_t), parameter :: type_integer = 2, type_real = 3, type_tensor = 16
  integer(c_int32_t), parameter :: kind_simulator = 2

  type, bind(c) :: esp_value
    integer(c_int32_t) :: type = 0, flags = 0
    integer(c_int64_t) :: count = 1
    integer(c_int64_t) :: bits = 0 ! the union: an integer, or the bits of a real or a pointer
  end type

  type, bind(c) :: esp_dtype
    integer(c_int8_t) :: code = 2, bits = 64 ! float64
    integer(c_int16_t) :: lanes = 1
  end type

  type, bind(c) :: esp_tensor
    type(c_ptr) :: data
    integer(c_int32_t) :: device_type, device_id, ndim
    type(esp_dtype) :: dtype
    type(c_ptr) :: shape, strides
    integer(c_int64_t) :: byte_offset
  end type

  type, bind(c) :: esp_parameter
    type(c_ptr) :: name
    integer(c_int32_t) :: type, flags
    type(esp_value) :: initial
    real(c_double) :: least, most
    type(c_ptr) :: unit, choices, doc
  end type

  type, bind(c) :: esp_port
    type(c_ptr) :: name
    integer(c_int32_t) :: type, flags
    type(esp_dtype) :: dtype
    type(c_ptr) :: axes, unit, doc
  end type

  type, bind(c) :: esp_host
    integer(c_int32_t) :: size, abi_major, abi_minor
    type(c_ptr) :: version
    type(c_funptr) :: extension, log, fail, cancelled, progress, metric, parallel_for, rng_key, &
      tensor_in, value_in, part_in, tensor_out, value_out
  end type

  type, bind(c) :: esp_component
    integer(c_int32_t) :: size, kind, flags
    type(c_ptr) :: name, summary, doc, reference, example
    integer(c_int32_t) :: parameter_size, parameter_count
    type(c_ptr) :: parameters
    integer(c_int32_t) :: port_size, input_count, output_count
    type(c_ptr) :: inputs, outputs
    type(c_funptr) :: create, run, destroy, extension
  end type

  type, bind(c) :: esp_plugin
    integer(c_int32_t) :: size, abi_major, abi_minor
    type(c_ptr) :: id, version, license, authors, build
    integer(c_int32_t) :: component_count
    type(c_ptr) :: components
  end type

  abstract interface
    function tensor_out(call, port, part, dtype, axes, shape) bind(c)
      import
      type(c_ptr), value :: call
      character(kind=c_char), intent(in) :: port(*), part(*)
      type(esp_dtype), value :: dtype
      integer(c_int32_t), value :: axes
      integer(c_int64_t), intent(in) :: shape(*)
      type(c_ptr) :: tensor_out
    end function
  end interface

contains

  ! A text that C can read, which lives as long as the program.
  function text(words) result(address)
    character(*), intent(in) :: words
    type(c_ptr) :: address
    character(kind=c_char), pointer :: copy(:)
    integer :: i
    allocate(copy(len(words) + 1))
    do i = 1, len(words)
      copy(i) = words(i:i)
    end do
    copy(len(words) + 1) = c_null_char
    address = c_loc(copy)
  end function
end module espalier_border

module my_plugin
  use espalier_border
  implicit none

  type :: settings
    integer(c_int64_t) :: steps
    real(c_double) :: growth, start
  end type

  type(esp_parameter), target, save :: parameters(3)
  type(esp_port), target, save :: outputs(1)
  type(esp_component), target, save :: component
  type(c_ptr), target, save :: components(1)
  type(esp_plugin), target, save :: plugin
  logical, save :: declared = .false.

contains

  function create(host, call, values, self) bind(c) result(status)
    type(c_ptr), value :: host, call
    type(esp_value), intent(in) :: values(3)
    type(c_ptr), intent(out) :: self
    integer(c_int32_t) :: status
    type(settings), pointer :: made
    allocate(made)
    made%steps = values(1)%bits
    made%growth = transfer(values(2)%bits, made%growth)
    made%start = transfer(values(3)%bits, made%start)
    self = c_loc(made)
    status = ok
  end function

  subroutine destroy(self) bind(c)
    type(c_ptr), value :: self
    type(settings), pointer :: made
    call c_f_pointer(self, made)
    deallocate(made)
  end subroutine

  function run(self, host, call) bind(c) result(status)
    type(c_ptr), value :: self, host, call
    integer(c_int32_t) :: status
    type(settings), pointer :: p
    type(esp_host), pointer :: kernel
    type(esp_tensor), pointer :: tensor
    procedure(tensor_out), pointer :: allocated
    type(c_ptr) :: out
    real(c_double), pointer :: x(:)
    integer(c_int64_t) :: t
    call c_f_pointer(self, p)
    call c_f_pointer(host, kernel)
    call c_f_procpointer(kernel%tensor_out, allocated)
    status = no_memory
    out = allocated(call, "trajectories" // c_null_char, c_null_char // "", esp_dtype(), 1, [p%steps + 1])
    if (.not. c_associated(out)) return
    call c_f_pointer(out, tensor)
    call c_f_pointer(tensor%data, x, [p%steps + 1])
    x(1) = p%start
    do t = 1, p%steps
      x(t + 1) = p%growth * x(t) * (1 - x(t))
    end do
    status = ok
  end function

  subroutine declare()
    parameters(1) = esp_parameter(text("steps"), type_integer, 0, &
      esp_value(type_integer, 0, 1, 100), 1, 1e7_c_double, text(""), c_null_ptr, text("Steps of time."))
    parameters(2) = real_parameter("growth", 3.8_c_double, 4.0_c_double, "Growth rate r.")
    parameters(3) = real_parameter("start", 0.2_c_double, 1.0_c_double, "x(0).")
    outputs(1) = esp_port(text("trajectories"), type_tensor, 0, esp_dtype(), text("time"), text(""), &
      text("From the start on; in [0, 1]."))
    component%size = int(c_sizeof(component), c_int32_t)
    component%kind = kind_simulator
    component%flags = 0
    component%name = text("my_plugin")
    component%summary = text("A logistic map")
    component%doc = text("$x(t + 1) = r\,x(t)\,(1 - x(t))$ with $r$ = `growth`, from `start`.")
    component%reference = text("doi:10.1038/261459a0")
    component%example = text("local x = esp.simulate.my_plugin { growth = 3.5 }.trajectories")
    component%parameter_size = int(c_sizeof(parameters(1)), c_int32_t)
    component%parameter_count = size(parameters)
    component%parameters = c_loc(parameters)
    component%port_size = int(c_sizeof(outputs(1)), c_int32_t)
    component%input_count = 0
    component%output_count = size(outputs)
    component%inputs = c_null_ptr
    component%outputs = c_loc(outputs)
    component%create = c_funloc(create)
    component%run = c_funloc(run)
    component%destroy = c_funloc(destroy)
    component%extension = c_null_funptr
    components(1) = c_loc(component)
    plugin = esp_plugin(int(c_sizeof(plugin), c_int32_t), 1, 0, text("org.example.my_plugin"), &
      text("0.1.0"), text("MIT"), text("A. Author"), text("gfortran"), 1, c_loc(components))
    declared = .true.
  end subroutine

  function real_parameter(name, initial, most, doc) result(p)
    character(*), intent(in) :: name, doc
    real(c_double), intent(in) :: initial, most
    type(esp_parameter) :: p
    p = esp_parameter(text(name), type_real, 0, &
      esp_value(type_real, 0, 1, transfer(initial, 0_c_int64_t)), 0, most, text(""), c_null_ptr, text(doc))
  end function

  function entry_point() bind(c, name="espalier_plugin_entry") result(address)
    type(c_ptr) :: address
    if (.not. declared) call declare()
    address = c_loc(plugin)
  end function
end module my_plugin
